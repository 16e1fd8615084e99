import type { Data } from 'plotly.js-dist-min';
import { blockColours } from '../block-colours.ts';
import { type Figure, grey } from '../figure.ts';
import { type Annotation, type Axis, axis, baseLayout, plotlyFigure } from '../figure-layout.ts';
import { axisKeys, panelGrid } from './panel-grid.ts';

/** Features of two regions by one network. */
export interface RegionFeatures {
  /** `resnet34`, `resnet10-random7` */
  block: string;
  /** Across and down; as many as each other. */
  first: Float32Array;
  second: Float32Array;
}

export interface RegionFeaturesOptions {
  /** Names of the two regions. Default `tumour`, `ring`. */
  regions?: readonly [string, string] | undefined;
  title?: string | undefined;
}

/**
 * Deep features of one region against those of another, a panel per network, a point per feature; a
 * feature on the dashed line has the same value in both regions. The title names networks with random weights.
 */
export function regionFeatures(
  networks: readonly RegionFeatures[],
  {
    regions = ['tumour', 'ring'],
    title = 'Deep features of two regions',
  }: RegionFeaturesOptions = {},
): Figure {
  const panels = panelGrid(networks.length, {
    columns: 4,
    width: 200,
    height: 232,
    gapX: 62,
    gapY: 124,
    margin: { l: 66, r: 24, t: 124, b: 64 },
  });
  const data: Data[] = [];
  const axes: Record<string, Axis> = {};
  const annotations: Annotation[] = [];
  const isRandom = (block: string) => /-random\d+/.test(block);
  const isOwn = (block: string) => /-own[0-9a-f]{8}/.test(block);
  // As in all figures of runs: a network has one colour, whatever its weights.
  const sourceOf = (block: string) => block.replace(/-(?:random\d+|own[0-9a-f]{8})$/, '');
  const colours = blockColours(networks.map(({ block }) => sourceOf(block)));
  networks.forEach(({ block, first, second }, i) => {
    const keys = axisKeys(i);
    const on = { xaxis: keys.x, yaxis: keys.y };
    let most = 0;
    for (const values of [first, second]) for (const v of values) most = Math.max(most, v);
    most = Number((1.05 * most).toPrecision(3));
    data.push({
      type: 'scatter',
      mode: 'lines',
      x: [0, most],
      y: [0, most],
      line: { color: grey, width: 1, dash: 'dash' },
      hoverinfo: 'skip',
      ...on,
    });
    data.push({
      type: 'scatter',
      mode: 'markers',
      x: Array.from(first, shown),
      y: Array.from(second, shown),
      marker: { color: colours.get(sourceOf(block)) ?? grey, size: 4, opacity: 0.5 },
      text: Array.from(first, (_, f) => `${block}_${f}`),
      hovertemplate: '%{text}: %{x}, %{y}<extra></extra>',
      ...on,
    });
    const box = panels.boxes[i];
    const range: [number, number] = [0, most];
    axes[keys.layoutX] = axis(`${regions[0]} (mean activation)`, {
      domain: box.x,
      anchor: keys.y,
      range,
      nticks: 4,
    });
    axes[keys.layoutY] = axis(i % 4 === 0 ? `${regions[1]} (mean activation)` : '', {
      domain: box.y,
      anchor: keys.x,
      range,
      nticks: 4,
    });
    annotations.push(
      panels.title(
        i,
        `<b>${block.replace(/-random\d+/, '')}</b>, ${first.length} features${isRandom(block) ? '<br>RANDOM WEIGHTS' : isOwn(block) ? '<br>own weights' : ''}`,
      ),
    );
  });
  const random = networks.some(({ block }) => isRandom(block));
  return plotlyFigure({
    name: 'region-features',
    caption: `Deep features of ${regions[1]} against ${regions[0]}, one point per feature. Dashed: equal.${random ? ' RANDOM WEIGHTS: a random projection of the image.' : ''}`,
    data,
    layout: {
      ...baseLayout(
        random ? `${title}: RANDOM WEIGHTS` : title,
        'one panel per network, one point per feature; dashed: the same for both regions',
        panels,
      ),
      ...axes,
      annotations,
      margin: panels.margin,
    },
  });
}

/** Four significant digits are enough for a dot. */
function shown(value: number): number {
  return Number(value.toPrecision(4));
}
