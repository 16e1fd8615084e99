import type { Data } from 'plotly.js-dist-min';
import type { FeatureSetResults } from '../../study/results.ts';
import { type Figure, plotText, wrapText } from '../figure.ts';
import { type Annotation, type Axis, axis, baseLayout, plotlyFigure } from '../figure-layout.ts';
import { endpointOf, featureSetsOf, type OpenedRun } from '../open-run.ts';
import type { FeatureSetsOptions } from './balanced-accuracy.ts';
import { cohortLine } from './cohort-line.ts';
import { axisKeys, panelGrid } from './panel-grid.ts';

/** White to Okabe-Ito blue: lightness alone carries the value. */
const scale: [number, string][] = [
  [0, '#ffffff'],
  [1, '#0072B2'],
];

/**
 * Confusion matrices, one per feature set: counts summed over the test sets of all partitions (a patient can stand
 * in several), and the share of each true class; the diagonal holds sensitivity and specificity.
 */
export function confusion(run: OpenedRun, options: FeatureSetsOptions = {}): Figure {
  const endpoint = endpointOf(run, options.endpoint);
  const { positiveName, negativeName } = endpoint;
  const sets = featureSetsOf(endpoint, options.featureSets);
  const panels = panelGrid(sets.length, {
    columns: 3,
    width: 215,
    height: 190,
    gapX: 84,
    gapY: 112,
    margin: { l: 80, r: 24, t: 124, b: 62 },
  });
  const names = [positiveName, negativeName].map((name) => wrapText(name, 14));
  const data: Data[] = [];
  const axes: Record<string, Axis> = {};
  const annotations: Annotation[] = [];
  sets.forEach((set, i) => {
    const keys = axisKeys(i);
    const counts = totals(set);
    const shares = counts.map((row) => row.map((n) => n / (row[0] + row[1])));
    data.push({
      type: 'heatmap',
      x: [0, 1],
      y: [0, 1],
      z: shares,
      zmin: 0,
      zmax: 1,
      xgap: 3,
      ygap: 3,
      colorscale: scale,
      showscale: false,
      xaxis: keys.x,
      yaxis: keys.y,
      hoverinfo: 'skip',
    });
    counts.forEach((row, truth) => {
      row.forEach((n, predicted) => {
        const share = shares[truth][predicted];
        annotations.push({
          x: predicted,
          y: truth,
          xref: keys.x,
          yref: keys.y,
          text: `<b>${(100 * share).toFixed(0)}%</b><br>${n}`,
          showarrow: false,
          font: { size: 15, color: share > 0.82 ? '#ffffff' : '#222222' },
        });
      });
    });
    const ticks: Axis = { tickvals: [0, 1], ticktext: names, showgrid: false, ticks: '' };
    axes[keys.layoutX] = axis('predicted', {
      ...ticks,
      domain: panels.boxes[i].x,
      anchor: keys.y,
      range: [-0.5, 1.5],
    });
    axes[keys.layoutY] = axis('true', {
      ...ticks,
      domain: panels.boxes[i].y,
      anchor: keys.x,
      range: [1.5, -0.5],
      tickangle: -90,
    });
    annotations.push(panels.title(i, `<b>${wrapText(set.title, 30)}</b>`));
  });
  return plotlyFigure({
    name: `${endpoint.id}-confusion`,
    caption:
      'Confusion matrices on held-out patients, summed over partitions. Large: share of the true class (the diagonal is sensitivity, then specificity); small: patients, counted once in every test set they stand in.',
    data,
    layout: {
      ...baseLayout(
        `Confusion matrices: ${plotText(endpoint.title)}`,
        cohortLine(run, endpoint),
        panels,
      ),
      ...axes,
      margin: panels.margin,
      annotations,
    },
  });
}

/** Rows: truly positive, truly negative; columns: predicted positive, negative. */
function totals(set: FeatureSetResults): [number, number][] {
  const sum = { tp: 0, fn: 0, fp: 0, tn: 0 };
  for (const { confusion: c } of set.partitions) {
    sum.tp += c.truePositive;
    sum.fn += c.falseNegative;
    sum.fp += c.falsePositive;
    sum.tn += c.trueNegative;
  }
  return [
    [sum.tp, sum.fn],
    [sum.fp, sum.tn],
  ];
}
