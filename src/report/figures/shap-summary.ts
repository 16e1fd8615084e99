import type { Data } from 'plotly.js-dist-min';
import type { Contribution } from '../../study/contributions.ts';
import { type Figure, grey, palette, plotText } from '../figure.ts';
import { axis, baseLayout, plotlyFigure } from '../figure-layout.ts';
import { endpointOf, featureSetOf, type OpenedRun } from '../open-run.ts';
import { cohortLine } from './cohort-line.ts';
import { type RankingOptions, shorten } from './ranking.ts';

/** A feature with what it did to held-out predictions. */
export interface FeatureContributions {
  feature: string;
  /** Mean size over all held-out predictions of the set; 0 where a partition did not keep the feature. */
  meanSize: number;
  rows: Contribution[];
}

/** Features of one set, those that move held-out predictions most first. */
export function contributionsOf(
  { contributions }: OpenedRun,
  endpoint: string,
  featureSet: string,
): FeatureContributions[] {
  const byFeature = new Map<string, Contribution[]>();
  const predictions = new Set<string>();
  for (const row of contributions) {
    if (row.endpoint !== endpoint || row.featureSet !== featureSet) continue;
    predictions.add(`${row.partition}~${row.patient}`);
    byFeature.set(row.feature, [...(byFeature.get(row.feature) ?? []), row]);
  }
  return [...byFeature]
    .map(([feature, rows]) => ({
      feature,
      rows,
      meanSize:
        rows.reduce((sum, { contribution }) => sum + Math.abs(contribution), 0) / predictions.size,
    }))
    .sort((a, b) => b.meanSize - a.meanSize || (a.feature < b.feature ? -1 : 1));
}

/**
 * SHAP summary: what each feature added to the log-odds of every held-out prediction, coloured by the patient's value. Exact Shapley
 * values of the trees (Lundberg et al. 2020), terms of a logistic regression; never of patients that the model was fitted on.
 */
export function shapSummary(run: OpenedRun, options: RankingOptions = {}): Figure {
  const endpoint = endpointOf(run, options.endpoint);
  const set = featureSetOf(endpoint, options.featureSet);
  const features = contributionsOf(run, endpoint.id, set.id);
  const shown = features.slice(0, options.top ?? 12);
  const points = shown.flatMap(({ rows }, row) => {
    const ranks = valueRanks(rows);
    return rows.map(({ contribution }, i) => ({
      x: Math.round(contribution * 1e4) / 1e4,
      y: Math.round((row + 0.36 * spread(i)) * 1e3) / 1e3,
      rank: ranks[i],
    }));
  });
  const known = points.filter(({ rank }) => rank !== undefined);
  const missing = points.filter(({ rank }) => rank === undefined);
  const dots = (shown: typeof points, marker: object, name: string): Data => ({
    type: 'scatter',
    mode: 'markers',
    name,
    x: shown.map(({ x }) => x),
    y: shown.map(({ y }) => y),
    marker: { size: 5, opacity: 0.75, ...marker },
    hovertemplate: '%{x:.3f}<extra></extra>',
  });
  const longest = Math.max(4, ...shown.map(({ feature }) => shorten(feature).length));
  return plotlyFigure({
    name: `${endpoint.id}-${set.id.replace(/[^A-Za-z0-9]+/g, '-')}-shap`,
    caption:
      shown.length === 0
        ? 'This run keeps no contributions: it was made by an earlier version.'
        : `What each feature added to the log-odds of ${endpoint.positiveName} for every held-out patient of every partition, largest mean size first (${shown.length} of ${features.length}; numbers on the right). Colour: the patient's value among those of the feature. It describes what the models did, not what causes a response.`,
    data: [
      dots(
        known,
        {
          color: known.map(({ rank }) => rank),
          colorscale: [
            [0, palette[0]],
            [0.5, '#cccccc'],
            [1, palette[1]],
          ],
          cmin: 0,
          cmax: 1,
          colorbar: {
            title: { text: 'value', side: 'right' },
            tickvals: [0, 1],
            ticktext: ['low', 'high'],
            thickness: 12,
            len: 0.7,
            x: 1.1,
          },
        },
        'value',
      ),
      ...(missing.length > 0 ? [dots(missing, { color: grey, symbol: 'x' }, 'missing')] : []),
    ],
    layout: {
      ...baseLayout(
        `What moved the predictions: ${plotText(set.title)}, ${plotText(endpoint.title)}`,
        cohortLine(run, endpoint),
        { width: 1000, height: 190 + 30 * Math.max(2, shown.length) },
      ),
      margin: { l: 40 + 6.4 * longest, r: 150, t: 100, b: 60 },
      xaxis: axis(`added to the log-odds of ${plotText(endpoint.positiveName)}`, {
        zeroline: true,
        zerolinecolor: '#999999',
      }),
      yaxis: {
        range: [Math.max(2, shown.length) - 0.4, -0.6],
        tickvals: shown.map((_, row) => row),
        ticktext: shown.map(({ feature }) => plotText(shorten(feature))),
        tickfont: { size: 12 },
        showgrid: false,
        zeroline: false,
      },
      annotations: shown.map(({ meanSize }, row) => ({
        x: 1,
        xref: 'paper' as const,
        xanchor: 'left' as const,
        xshift: 8,
        y: row,
        yanchor: 'middle' as const,
        text: meanSize.toFixed(3),
        showarrow: false,
        font: { size: 12, color: grey },
      })),
    },
  });
}

/** Place of each value among those of the feature, 0 to 1, ties in the middle; undefined where missing. */
function valueRanks(rows: readonly Contribution[]): (number | undefined)[] {
  const sorted = rows
    .map(({ value }) => value)
    .filter((value) => !Number.isNaN(value))
    .sort((a, b) => a - b);
  return rows.map(({ value }) => {
    if (Number.isNaN(value)) return undefined;
    const below = sorted.filter((other) => other < value).length;
    const equal = sorted.filter((other) => other === value).length;
    return sorted.length < 2
      ? 0.5
      : Math.round((1e3 * (below + (equal - 1) / 2)) / (sorted.length - 1)) / 1e3;
  });
}

/** Evenly spread places in (−1, 1), the same every time. */
function spread(i: number): number {
  return 2 * ((i * 0.6180339887498949) % 1) - 1;
}
