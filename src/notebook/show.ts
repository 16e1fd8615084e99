import { inspect } from 'node:util';
import type { Mask, Volume } from '../imaging/volume.ts';
import type { Figure } from '../report/figure.ts';
import { threePlanes } from '../report/figures/three-planes.ts';
import {
  type StaticExporter,
  startStaticExporter,
  whyNoPictures,
} from '../report/static-export.ts';
import { textTable } from '../runtime/terminal/text-table.ts';
import { type FrameLike, type FrameOptions, formatCell, frameHtml, isFrame } from './frame-html.ts';

export interface ShowOptions extends FrameOptions {
  /** Regions outlined on a volume, by the name the legend gives them. */
  regions?: Record<string, Mask> | undefined;
}

/** Pixels a CSS pixel in saved pictures: legible when zoomed, small in the file. */
const pictureScale = 1.25;

/**
 * Shows something in a notebook:
 * a plotly figure (interactive, with a PNG beside it for GitHub and nbviewer, where Chromium is found),
 * a danfojs DataFrame or an array of plain objects (a table), a volume (three planes, with region outlines),
 * a string (Markdown), anything else as text. Outside a notebook it prints text.
 *
 * @example await show(figures.roc(run))
 */
export async function show(what: unknown, options: ShowOptions = {}): Promise<void> {
  const bundle = await bundleOf(what, options);
  const figure = bundle['application/vnd.plotly.v1+json'] as Pick<Figure, 'layout'> | undefined;
  const size = figure && { width: figure.layout.width, height: figure.layout.height };
  // The picture has more pixels than the figure: its size on the page is that of the figure.
  display(bundle, 'image/png' in bundle && size !== undefined ? { 'image/png': size } : {});
}

async function bundleOf(what: unknown, options: ShowOptions): Promise<Record<string, unknown>> {
  if (Array.isArray(what) && what.length === 0) {
    return { 'text/markdown': '*None.*', 'text/plain': 'None.' };
  }
  if (typeof what === 'string') return { 'text/markdown': what, 'text/plain': what };
  if (isFigure(what)) return figureBundle(what);
  if (isVolume(what)) return figureBundle(threePlanes(what, options));
  const frame = asFrame(what);
  if (frame !== undefined) return frameBundle(frame, options);
  return { 'text/plain': inspect(what, { depth: 4, maxArrayLength: 20, breakLength: 100 }) };
}

function frameBundle(frame: FrameLike, options: ShowOptions): Record<string, unknown> {
  const rows = frame.values
    .slice(0, options.rows ?? 30)
    .map((row) => (row as unknown[]).map((value) => formatCell(value, options.digits)));
  return {
    'text/html': frameHtml(frame, options),
    'text/plain': textTable(frame.columns, rows),
  };
}

let exporter: Promise<StaticExporter> | undefined;

async function figureBundle(figure: Figure): Promise<Record<string, unknown>> {
  const bundle: Record<string, unknown> = {
    'application/vnd.plotly.v1+json': {
      data: figure.data,
      layout: figure.layout,
      config: { displaylogo: false },
    },
    'text/plain': `[figure ${figure.name}] ${figure.caption}`,
  };
  if (hook() === undefined || whyNoPictures() !== undefined) return bundle;
  exporter ??= startStaticExporter();
  const { png } = await (await exporter).draw(figure, { scale: pictureScale });
  bundle['image/png'] = Buffer.from(png).toString('base64');
  return bundle;
}

type DisplayWriter = (content: object, update: boolean) => void;

/** Set by the nacre kernel (launch-kernel.ts); absent in a script. */
function hook(): DisplayWriter | null | undefined {
  const key = Symbol.for('nacre.notebook.display');
  return (globalThis as Record<symbol, DisplayWriter | null | undefined>)[key];
}

function display(data: Record<string, unknown>, metadata: object): void {
  const write = hook();
  if (write === undefined || write === null) {
    process.stdout.write(`${data['text/plain']}\n`);
    return;
  }
  write({ data, metadata, transient: {} }, false);
}

function isFigure(what: unknown): what is Figure {
  const figure = what as Figure | null;
  return (
    typeof figure === 'object' &&
    figure !== null &&
    Array.isArray(figure.data) &&
    typeof figure.layout === 'object'
  );
}

function isVolume(what: unknown): what is Volume {
  const volume = what as Volume | null;
  return (
    typeof volume === 'object' &&
    volume !== null &&
    ArrayBuffer.isView(volume.data) &&
    Array.isArray(volume.size) &&
    Array.isArray(volume.spacing)
  );
}

/** A frame as it is, or an array of plain objects as one (columns in order of first appearance). */
function asFrame(what: unknown): FrameLike | undefined {
  if (isFrame(what)) return what;
  if (!Array.isArray(what) || what.length === 0) return undefined;
  if (!what.every((row) => typeof row === 'object' && row !== null && !Array.isArray(row))) {
    return undefined;
  }
  const rows = what as Record<string, unknown>[];
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  return { columns, values: rows.map((row) => columns.map((column) => row[column])) };
}
