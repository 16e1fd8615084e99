import type { Data } from 'plotly.js-dist-min';
import type { Prediction } from '../../study/predictions.ts';
import { type Figure, tint } from '../figure.ts';
import { type OpenedRun, predictionsByPartition } from '../open-run.ts';
import type { FeatureSetsOptions } from './balanced-accuracy.ts';
import { unitPanels } from './unit-panels.ts';

const gridPoints = 101;

/**
 * ROC curves, one panel per feature set: the curve of each partition (thin), their mean at equal false positive
 * rate (Fawcett 2006, vertical averaging) and a band of ± one standard deviation over partitions.
 */
export function roc(run: OpenedRun, options: FeatureSetsOptions = {}): Figure {
  return unitPanels(run, options, {
    name: 'roc',
    title: 'ROC',
    caption:
      'Receiver operating characteristic on held-out patients. Thin: one curve per partition; thick: their mean at equal false positive rate; band: ± one standard deviation over partitions; dashed: chance.',
    x: 'false positive rate (1 − specificity)',
    y: () => 'true positive rate (sensitivity)',
    beyond: 0.01,
    score: { title: 'AUC', spread: (set) => set.summary.auc },
    draw(set, { endpoint, colour, on }) {
      const curves = predictionsByPartition(run, endpoint.id, set.id).map(rocCurve);
      const { grid, mean, sd } = averageCurves(curves);
      const low = mean.map((m, k) => Math.max(0, m - sd[k]));
      const high = mean.map((m, k) => Math.min(1, m + sd[k]));
      const quiet = { ...on, hoverinfo: 'skip' };
      const edge = { width: 0, color: tint(colour, 0) };
      const thin = { color: tint(colour, 0.25), width: 1 };
      return [
        ...curves.map((curve) => line(curve.falsePositive, curve.truePositive, thin, quiet)),
        line(grid, low, edge, quiet),
        line(grid, high, edge, { ...quiet, fill: 'tonexty', fillcolor: tint(colour, 0.2) }),
        line(
          grid,
          mean,
          { color: colour, width: 2.5 },
          {
            ...on,
            hoverinfo: 'all',
            hovertemplate: 'false positive %{x:.2f}, true positive %{y:.2f}<extra></extra>',
          },
        ),
      ];
    },
  });
}

function line(x: ArrayLike<number>, y: ArrayLike<number>, style: object, more: object): Data {
  return {
    type: 'scatter',
    mode: 'lines',
    x: Array.from(x, round),
    y: Array.from(y, round),
    line: style,
    ...more,
  };
}

/** Four digits are more than a screen shows, and keep reports small. */
function round(value: number): number {
  return Math.round(value * 1e4) / 1e4;
}

/** What curves are drawn from. */
export type LabelledAnswer = Pick<Prediction, 'label' | 'probability'>;

export interface RocCurve {
  falsePositive: number[];
  truePositive: number[];
}

/** Corners of the ROC curve, from (0, 0) to (1, 1); patients of equal probability move together. */
export function rocCurve(rows: readonly LabelledAnswer[]): RocCurve {
  const sorted = [...rows].sort((a, b) => b.probability - a.probability);
  const positives = sorted.filter((row) => row.label === 1).length;
  const negatives = sorted.length - positives;
  const curve: RocCurve = { falsePositive: [0], truePositive: [0] };
  let hits = 0;
  for (let at = 0; at < sorted.length; ) {
    const probability = sorted[at].probability;
    for (; at < sorted.length && sorted[at].probability === probability; at++) {
      hits += sorted[at].label;
    }
    curve.falsePositive.push((at - hits) / negatives);
    curve.truePositive.push(hits / positives);
  }
  return curve;
}

/** Mean and sample standard deviation of true positive rate at 101 equally spaced false positive rates. */
export function averageCurves(curves: readonly RocCurve[]) {
  const grid = Array.from({ length: gridPoints }, (_, k) => k / (gridPoints - 1));
  const sampled = curves.map((curve) => grid.map((x) => heightAt(curve, x)));
  const mean = grid.map((_, k) => sampled.reduce((sum, s) => sum + s[k], 0) / sampled.length);
  const sd = grid.map((_, k) =>
    Math.sqrt(
      sampled.reduce((sum, s) => sum + (s[k] - mean[k]) ** 2, 0) / Math.max(1, sampled.length - 1),
    ),
  );
  return { grid, mean, sd };
}

/** Linear between corners; the upper end of a vertical step, and 0 at a false positive rate of 0. */
function heightAt({ falsePositive: xs, truePositive: ys }: RocCurve, x: number): number {
  if (x === 0) return 0;
  let k = xs.length - 1;
  while (k > 0 && xs[k - 1] >= x) k--;
  while (k < xs.length - 1 && xs[k + 1] === x) k++;
  if (xs[k] === x || k === 0) return ys[k];
  const share = (x - xs[k - 1]) / (xs[k] - xs[k - 1]);
  return ys[k - 1] + share * (ys[k] - ys[k - 1]);
}
