import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { plotlyBundle } from '../report/static-export.ts';
import { nacreVersion } from '../runtime/version.ts';
import { writeWhole } from '../runtime/write-whole.ts';

/** Name of the extension in JupyterLab's list and folders. */
const labExtensionName = 'nacre-plotly';

/**
 * Writes the JupyterLab extension that draws plotly figures: JupyterLab has no renderer of its own for them, and the one
 * of plotly's Python package shows the saved picture until the mouse comes near. A prebuilt extension is a folder of
 * plain files, so none of this needs Python or a build.
 *
 * @param extensions folder of extensions, such as `~/.local/share/jupyter/labextensions`
 * @returns the extension's folder
 */
export function writeLabExtension(extensions: string): string {
  const folder = join(extensions, labExtensionName);
  mkdirSync(join(folder, 'static'), { recursive: true });
  const about = {
    name: labExtensionName,
    version: nacreVersion(),
    description: 'Draws plotly figures. Written by `nacre kernel install`; safe to delete.',
    license: 'MIT',
    jupyterlab: {
      mimeExtension: true,
      _build: { load: 'static/entry.js', mimeExtension: './mime' },
    },
  };
  writeWhole(join(folder, 'package.json'), `${JSON.stringify(about, null, 2)}\n`);
  writeWhole(join(folder, 'static', 'entry.js'), entry);
  writeWhole(join(folder, 'static', 'plotly.js'), readFileSync(plotlyBundle()));
  return folder;
}

/**
 * The container that JupyterLab loads (module federation, as its extension guide has it): `init` hands over the packages
 * that extensions share, of which one is used, Lumino's `Widget`; `get` gives the one module there is.
 */
const entry = `'use strict';
(() => {
  const here = document.currentScript.src;
  let shared;
  let plotly;

  const loadPlotly = () => {
    plotly ??= new Promise((resolve, reject) => {
      const script = document.createElement('script');
      script.src = new URL('plotly.js', here).href;
      script.onload = () => resolve(globalThis.Plotly);
      script.onerror = () => reject(new Error('plotly.js was not found beside the extension nacre-plotly'));
      document.head.append(script);
    });
    return plotly;
  };

  const widgets = async () => {
    const versions = shared['@lumino/widgets'];
    const factory = await versions[Object.keys(versions)[0]].get();
    return factory();
  };

  const mime = async () => {
    const { Widget } = await widgets();
    const type = 'application/vnd.plotly.v1+json';

    class PlotlyWidget extends Widget {
      constructor() {
        super();
        this.node.style.overflow = 'auto hidden';
      }

      async renderModel(model) {
        const { data, layout, config, frames } = model.data[type];
        const Plotly = await loadPlotly();
        if (this.isDisposed) return;
        const place = this.node.firstElementChild ?? this.node.appendChild(document.createElement('div'));
        await Plotly.react(place, { data, layout: { ...layout }, config, frames });
        this.size = layout && layout.width && layout.height ? [layout.width, layout.height] : undefined;
        this.fit();
      }

      /** A figure wider than the cell is shown smaller, as a whole; where it would be too small to read it scrolls. */
      fit() {
        const place = this.node.firstElementChild;
        if (!place || !this.size || this.node.clientWidth === 0) return;
        const scale = Math.max(0.6, Math.min(1, this.node.clientWidth / this.size[0]));
        place.style.transformOrigin = '0 0';
        place.style.transform = scale < 1 ? 'scale(' + scale + ')' : '';
        place.style.width = this.size[0] * scale + 'px';
        place.style.height = this.size[1] * scale + 'px';
      }

      onAfterShow() {
        this.fit();
      }

      onResize() {
        this.fit();
      }

      dispose() {
        if (globalThis.Plotly && this.node.firstElementChild) globalThis.Plotly.purge(this.node.firstElementChild);
        super.dispose();
      }
    }

    return {
      __esModule: true,
      default: {
        id: 'nacre-plotly:factory',
        rendererFactory: { safe: true, mimeTypes: [type], createRenderer: () => new PlotlyWidget() },
        rank: 0,
        dataType: 'json',
      },
    };
  };

  globalThis._JUPYTERLAB ??= {};
  globalThis._JUPYTERLAB['nacre-plotly'] = {
    init: (scope) => {
      shared = scope;
    },
    get: async (name) => {
      if (name !== './mime') throw new Error('nacre-plotly has no module ' + name);
      const module = await mime();
      return () => module;
    },
  };
})();
`;
