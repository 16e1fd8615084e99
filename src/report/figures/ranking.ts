import type { Data } from 'plotly.js-dist-min';
import type { FeatureSetResults } from '../../study/results.ts';
import { blockColours, blocksOf } from '../block-colours.ts';
import { type Figure, grey, plotText } from '../figure.ts';
import { axis, baseLayout, plotlyFigure } from '../figure-layout.ts';
import { endpointOf, featureSetOf, type OpenedRun } from '../open-run.ts';
import { printed } from '../printed-number.ts';
import type { EndpointOptions } from './balanced-accuracy.ts';
import { cohortLine } from './cohort-line.ts';

export interface RankingOptions extends EndpointOptions {
  /** Id of the feature set; default the first one. */
  featureSet?: string | undefined;
  /** Features shown, most frequent first; at least 1. Default 20. */
  top?: number | undefined;
}

/**
 * The features most often kept over the partitions, with selection frequency, mean rank and the stability of the
 * selection (Nogueira et al. 2018). Never a ranking made on all patients. Each block has the same colour in all figures.
 */
export function ranking(run: OpenedRun, options: RankingOptions = {}): Figure {
  const endpoint = endpointOf(run, options.endpoint);
  const set = featureSetOf(endpoint, options.featureSet);
  const shown = set.selection.slice(0, options.top ?? 20);
  const colours = blockColours(blocksOf(run));
  const data: Data[] = [...colours].flatMap(([block, color]) => {
    const features = shown.map((f, row) => ({ f, row })).filter(({ f }) => f.block === block);
    if (features.length === 0) return [];
    return {
      type: 'bar',
      orientation: 'h',
      name: plotText(block),
      x: features.map(({ f }) => f.frequency),
      y: features.map(({ row }) => row),
      width: 0.7,
      marker: { color },
      text: features.map(
        ({ f }) => ` ${Math.round(100 * f.frequency)}%, rank ${f.meanRank.toFixed(1)}`,
      ),
      textposition: 'outside',
      cliponaxis: false,
      textfont: { size: 12 },
      hovertemplate: '%{text}<extra></extra>',
    };
  });
  const longest = Math.max(4, ...shown.map((f) => shorten(f.feature).length));
  return plotlyFigure({
    name: `${endpoint.id}-${set.id.replace(/[^A-Za-z0-9]+/g, '-')}-ranking`,
    caption: `Features kept in at least one of ${run.results.study.partitions} partitions, most frequent first (${shown.length} of ${set.selection.length}); rank: mean place where kept, 1 best. Stability of the selection ${stabilityText(set)}`,
    data,
    layout: {
      ...baseLayout(
        `Selected features, ${plotText(set.title)}, ${plotText(endpoint.title)}`,
        cohortLine(run, endpoint),
        { width: 1000, height: 200 + 26 * shown.length },
      ),
      margin: { l: 40 + 6.4 * longest, r: 120, t: 110, b: 60 },
      barmode: 'overlay',
      showlegend: true,
      legend: { orientation: 'h', x: 0, xanchor: 'left', y: 1, yanchor: 'bottom' },
      xaxis: axis('selection frequency (share of partitions)', {
        range: [0, 1],
        dtick: 0.2,
        tickformat: '.0%',
      }),
      yaxis: {
        range: [shown.length - 0.4, -0.6],
        tickvals: shown.map((_, row) => row),
        ticktext: shown.map((f) => plotText(shorten(f.feature))),
        tickfont: { size: 12 },
        ticklabelstandoff: 6,
        showgrid: false,
        zeroline: false,
      },
      annotations: [
        {
          text: `stability ${stabilityNumbers(set)}`,
          x: 1,
          xanchor: 'right',
          xref: 'paper',
          y: 1,
          yref: 'paper',
          yanchor: 'bottom',
          showarrow: false,
          font: { size: 12, color: grey },
        },
      ],
    },
  });
}

/** Stability with its interval and how to read it; in a file of results no value is null. */
export function stabilityText(set: FeatureSetResults): string {
  return hasStability(set)
    ? `${stabilityNumbers(set, '95% interval ')} (0 is chance, 1 the same features every time; Nogueira et al. 2018).`
    : 'has no value: every candidate was kept, or there is one partition (Nogueira et al. 2018).';
}

function stabilityNumbers(set: FeatureSetResults, label = ''): string {
  if (!hasStability(set)) return 'has no value';
  const { value, low, high } = set.stability;
  const [at, from, to] = [value, low, high].map((number) => printed(number.toFixed(2)));
  return `${at} (${label}${from} to ${to})`;
}

function hasStability({ stability }: FeatureSetResults): boolean {
  return [stability.value, stability.low, stability.high].every(Number.isFinite);
}

/** Room for every name of PyRadiomics: cut shorter, two features of one scan would look the same. */
const maxName = 74;

/** Axis label of a feature: its name as tables and files have it; one that is too long is cut in the middle. */
export function shorten(name: string): string {
  if (name.length <= maxName) return name;
  return `${name.slice(0, 30)}…${name.slice(name.length - (maxName - 31))}`;
}
