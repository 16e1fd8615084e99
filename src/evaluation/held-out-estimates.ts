import type { RandomStream } from '../runtime/random-stream.ts';
import { quantile } from '../table/quantile.ts';
import { type DeLongTest, delong, delongTest } from './delong.ts';
import { type Confusion, countedMetrics, type MetricName, metricNames } from './metrics.ts';
import { normal975, twoSidedNormal } from './normal-distribution.ts';
import { logitInterval, wilsonInterval } from './share-interval.ts';

/** Test rows of one partition with what was predicted. Each patient stands in one group at most. */
export interface HeldOutGroup {
  /** 0 or 1. */
  labels: ArrayLike<number>;
  /** Of class 1, in [0, 1]. */
  probabilities: ArrayLike<number>;
  /** Class 1 is predicted at and above it. */
  threshold: number;
}

/** A metric over groups that were tested once each, with its 95% interval and how that was made. */
export interface HeldOutEstimate {
  mean: number;
  low: number;
  high: number;
  method: 'delong' | 'wilson' | 'bootstrap';
}

/** Resamples of a bootstrap. */
const resamples = 2000;

/**
 * Every metric over one or several test groups with valid intervals: of the AUC by DeLong's variance on the logit scale, of
 * sensitivity, specificity and accuracy by Wilson, of the others by a bootstrap over patients within group and class (percentiles
 * of 2,000 draws).
 *
 * Several groups are put together by what they count: sensitivity over all patients of class 1, balanced accuracy from both
 * shares, Brier score over all patients, average precision by patients of class 1; the AUC by pairs **within** groups, since
 * probabilities of different models need not be comparable. With one group these are the plain metrics. All intervals are
 * conditional on the fitted models.
 *
 * @param groups at least two patients of each class in each
 * @param stream draws the bootstrap
 */
export function heldOutEstimates(
  groups: readonly HeldOutGroup[],
  stream: RandomStream,
): Record<MetricName, HeldOutEstimate> {
  const sides = groups.map(classSides);
  const point = pooledMetrics(sides);
  const draws = Object.fromEntries(
    metricNames.map((name) => [name, new Float64Array(resamples)]),
  ) as Record<MetricName, Float64Array>;
  const redrawn = sides.map(({ threshold, positives, negatives }) => ({
    threshold,
    positives: new Float64Array(positives.length),
    negatives: new Float64Array(negatives.length),
  }));
  for (let draw = 0; draw < resamples; draw++) {
    sides.forEach(({ positives, negatives }, g) => {
      resample(positives, redrawn[g].positives, stream);
      resample(negatives, redrawn[g].negatives, stream);
    });
    const drawn = pooledMetrics(redrawn);
    for (const name of metricNames) draws[name][draw] = drawn[name];
  }
  const count = (label: 'positives' | 'negatives') =>
    sides.reduce((sum, side) => sum + side[label].length, 0);
  const wilson = (name: MetricName, cases: number): HeldOutEstimate => ({
    mean: point[name],
    ...wilsonInterval(point[name], cases),
    method: 'wilson',
  });
  const bootstrap = (name: MetricName): HeldOutEstimate => {
    const sorted = draws[name].sort();
    const [low, high] = [quantile(sorted, 0.025), quantile(sorted, 0.975)];
    // All draws alike (every patient right): no spread to go by.
    if (!(high - low > 1e-12)) {
      return wilson(name, Math.min(count('positives'), count('negatives')));
    }
    return { mean: point[name], low, high, method: 'bootstrap' };
  };
  return {
    balancedAccuracy: bootstrap('balancedAccuracy'),
    sensitivity: wilson('sensitivity', count('positives')),
    specificity: wilson('specificity', count('negatives')),
    auc: pooledAuc(groups),
    accuracy: wilson('accuracy', count('positives') + count('negatives')),
    f1: bootstrap('f1'),
    prAuc: bootstrap('prAuc'),
    brier: bootstrap('brier'),
  };
}

/** A paired comparison of two sets on the same groups. */
export interface HeldOutComparison {
  /** a minus b. */
  difference: number;
  low: number;
  high: number;
  /** Standard normal deviate of DeLong's test; null for metrics without a test. */
  t: number | null;
  p: number | null;
  method: 'delong' | 'bootstrap';
}

/**
 * Paired comparison on groups that were tested once each: of the AUC by DeLong's test (pairs within groups), of any other metric
 * by the paired bootstrap interval, which gives no p-value.
 */
export function heldOutComparison(
  metric: MetricName,
  a: readonly HeldOutGroup[],
  b: readonly HeldOutGroup[],
  stream: RandomStream,
): HeldOutComparison {
  if (metric === 'auc') return delongComparison(a, b);
  const rows = a.map(({ labels }) => rowsByClass(labels));
  const values = (groups: readonly HeldOutGroup[], picked: readonly number[][][]) =>
    metric === 'prAuc' || metric === 'brier'
      ? pooledMetrics(
          groups.map(({ probabilities, threshold }, g) => ({
            threshold,
            negatives: descending(picked[g][0].map((row) => probabilities[row])),
            positives: descending(picked[g][1].map((row) => probabilities[row])),
          })),
        )[metric]
      : countedMetrics(confusionOf(groups, picked))[metric];
  const draws = new Float64Array(resamples);
  for (let draw = 0; draw < resamples; draw++) {
    const picked = rows.map((sides) => sides.map((side) => resampledRows(side, stream)));
    draws[draw] = values(a, picked) - values(b, picked);
  }
  draws.sort();
  return {
    difference: values(a, rows) - values(b, rows),
    low: quantile(draws, 0.025),
    high: quantile(draws, 0.975),
    t: null,
    p: null,
    method: 'bootstrap',
  };
}

/** Weighted by pairs; groups hold different patients, so that their variances add up. */
function pooledAuc(groups: readonly HeldOutGroup[]): HeldOutEstimate {
  const each = groups.map(({ labels, probabilities }) => delong(labels, probabilities));
  if (each.length === 1) {
    const [{ auc, low, high }] = each;
    return { mean: auc, low, high, method: 'delong' };
  }
  const weights = shares(each.map(({ positives, negatives }) => positives * negatives));
  const sum = (valueAt: (at: number) => number) =>
    weights.reduce((total, _, at) => total + valueAt(at), 0);
  const auc = sum((at) => weights[at] * each[at].auc);
  const error = Math.sqrt(sum((at) => weights[at] * weights[at] * each[at].variance));
  const smallest = Math.min(
    each.reduce((total, { positives }) => total + positives, 0),
    each.reduce((total, { negatives }) => total + negatives, 0),
  );
  const bounds =
    error > 1e-12 && auc > 0 && auc < 1 ? logitInterval(auc, error) : wilsonInterval(auc, smallest);
  return { mean: auc, ...bounds, method: 'delong' };
}

function delongComparison(
  a: readonly HeldOutGroup[],
  b: readonly HeldOutGroup[],
): HeldOutComparison {
  const each: DeLongTest[] = a.map(({ labels, probabilities }, g) =>
    delongTest(labels, probabilities, b[g].probabilities),
  );
  const weights = shares(each.map((test) => test.a.positives * test.a.negatives));
  const difference = each.reduce((sum, test, g) => sum + weights[g] * test.difference, 0);
  const variance = each.reduce((sum, test, g) => {
    const error = weights[g] * test.standardError;
    return sum + error * error;
  }, 0);
  const error = Math.sqrt(variance);
  const tested = error > 1e-12;
  const equal = Math.abs(difference) < 1e-12;
  return {
    difference,
    low: Math.max(-1, difference - normal975 * error),
    high: Math.min(1, difference + normal975 * error),
    t: tested ? difference / error : equal ? 0 : null,
    p: tested ? twoSidedNormal(difference / error) : equal ? 1 : null,
    method: 'delong',
  };
}

/** Counts over the picked rows of each group, those of class 0 and those of class 1. */
function confusionOf(groups: readonly HeldOutGroup[], picked: readonly number[][][]): Confusion {
  const total = { truePositive: 0, falsePositive: 0, trueNegative: 0, falseNegative: 0 };
  groups.forEach(({ probabilities, threshold }, g) => {
    const [negatives, positives] = picked[g];
    for (const row of positives) {
      if (probabilities[row] >= threshold) total.truePositive++;
      else total.falseNegative++;
    }
    for (const row of negatives) {
      if (probabilities[row] >= threshold) total.falsePositive++;
      else total.trueNegative++;
    }
  });
  return total;
}

/** Probabilities of a group by class, descending. */
interface ClassSides {
  positives: Float64Array;
  negatives: Float64Array;
  threshold: number;
}

function classSides({ labels, probabilities, threshold }: HeldOutGroup): ClassSides {
  const [negatives, positives] = rowsByClass(labels).map((rows) =>
    descending(rows.map((row) => probabilities[row])),
  );
  return { positives, negatives, threshold };
}

function descending(values: readonly number[]): Float64Array {
  return Float64Array.from(values).sort().reverse();
}

function rowsByClass(labels: ArrayLike<number>): number[][] {
  const rows: number[][] = [[], []];
  for (let row = 0; row < labels.length; row++) rows[labels[row] === 1 ? 1 : 0].push(row);
  return rows;
}

/** All metrics over groups; the AUC has its own variance and is not bootstrapped. */
function pooledMetrics(groups: readonly ClassSides[]): Record<MetricName, number> {
  const total: Confusion = {
    truePositive: 0,
    falsePositive: 0,
    trueNegative: 0,
    falseNegative: 0,
  };
  let squares = 0;
  let precision = 0;
  for (const { positives, negatives, threshold } of groups) {
    for (const value of positives) {
      if (value >= threshold) total.truePositive++;
      else total.falseNegative++;
      squares += (1 - value) * (1 - value);
    }
    for (const value of negatives) {
      if (value >= threshold) total.falsePositive++;
      else total.trueNegative++;
      squares += value * value;
    }
    precision += positives.length * averagePrecisionOf(positives, negatives);
  }
  const positives = total.truePositive + total.falseNegative;
  const negatives = total.trueNegative + total.falsePositive;
  return {
    ...countedMetrics(total),
    auc: Number.NaN,
    prAuc: precision / positives,
    brier: squares / (positives + negatives),
  };
}

/** Average precision of two descending lists, tied scores together; the same as `averagePrecision` without its sort. */
function averagePrecisionOf(positives: Float64Array, negatives: Float64Array): number {
  let sum = 0;
  for (let p = 0, n = 0; p < positives.length; ) {
    const score = positives[p];
    const before = p;
    while (p < positives.length && positives[p] === score) p++;
    while (n < negatives.length && negatives[n] >= score) n++;
    sum += ((p - before) / positives.length) * (p / (p + n));
  }
  return sum;
}

/** As many values, drawn with replacement; descending as the values are. */
function resample(values: Float64Array, drawn: Float64Array, stream: RandomStream): void {
  const last = values.length - 1;
  const counts = new Int32Array(values.length);
  for (let i = 0; i <= last; i++) counts[stream.integer(0, last)]++;
  let at = 0;
  for (let i = 0; i <= last; i++) {
    for (let times = counts[i]; times > 0; times--) drawn[at++] = values[i];
  }
}

function resampledRows(rows: readonly number[], stream: RandomStream): number[] {
  return rows.map(() => rows[stream.integer(0, rows.length - 1)]);
}

function shares(weights: readonly number[]): number[] {
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
}
