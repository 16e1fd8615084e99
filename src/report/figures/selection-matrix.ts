import type { Data } from 'plotly.js-dist-min';
import { type Figure, plotText } from '../figure.ts';
import { axis, baseLayout, plotlyFigure } from '../figure-layout.ts';
import { endpointOf, featureSetOf, type OpenedRun } from '../open-run.ts';
import { cohortLine } from './cohort-line.ts';
import { type RankingOptions, shorten, stabilityText } from './ranking.ts';

/**
 * Which partition kept which feature, and at which rank: a row per feature, a column per partition. Full rows are features
 * that every selection agrees on, lone marks are those of one draw of the patients.
 */
export function selectionMatrix(run: OpenedRun, options: RankingOptions = {}): Figure {
  const endpoint = endpointOf(run, options.endpoint);
  const set = featureSetOf(endpoint, options.featureSet);
  const shown = set.selection.slice(0, options.top ?? 20).map(({ feature }) => feature);
  const ranks = shown.map((feature) =>
    set.partitions.map(({ selected }) => {
      const place = selected.indexOf(feature);
      return place < 0 ? null : place + 1;
    }),
  );
  const most = Math.max(1, ...set.partitions.map(({ selected }) => selected.length));
  const longest = Math.max(4, ...shown.map((feature) => shorten(feature).length));
  const data: Data[] = [
    {
      type: 'heatmap',
      z: ranks,
      x: set.partitions.map((_, i) => i),
      y: shown.map((_, row) => row),
      zmin: 1,
      zmax: most,
      // One hue, dark is best: the order survives a grey printer and every colour vision.
      colorscale: [
        [0, '#08306b'],
        [0.5, '#4292c6'],
        [1, '#c6dbef'],
      ],
      xgap: 2,
      ygap: 2,
      hoverongaps: false,
      colorbar: {
        title: { text: 'rank (1 best)', side: 'right' },
        thickness: 14,
        outlinewidth: 0,
        tickvals: [1, Math.ceil(most / 2), most].filter((v, i, all) => all.indexOf(v) === i),
        len: Math.min(1, 160 / (26 * shown.length)),
        lenmode: 'fraction',
        y: 1,
        yanchor: 'top',
      },
      hovertemplate: 'partition %{x}, rank %{z}<extra></extra>',
    } as Data,
  ];
  return plotlyFigure({
    name: `${endpoint.id}-${set.id.replace(/[^A-Za-z0-9]+/g, '-')}-selection-matrix`,
    caption: `Features kept in each of ${set.partitions.length} partitions, most frequent first (${shown.length} of ${set.selection.length}); dark: high rank, white: not kept. Stability ${stabilityText(set)}`,
    data,
    layout: {
      ...baseLayout(`Who was picked where: ${plotText(set.title)}`, cohortLine(run, endpoint), {
        width: 1000,
        height: 170 + 26 * shown.length,
      }),
      margin: { l: 40 + 6.4 * longest, r: 110, t: 90, b: 64 },
      xaxis: axis('partition (number)', {
        tickvals: set.partitions.map((_, i) => i),
        range: [-0.5, set.partitions.length - 0.5],
        showgrid: false,
      }),
      yaxis: {
        range: [shown.length - 0.5, -0.5],
        tickvals: shown.map((_, row) => row),
        ticktext: shown.map((feature) => plotText(shorten(feature))),
        tickfont: { size: 12 },
        showgrid: false,
        zeroline: false,
      },
    },
  });
}
