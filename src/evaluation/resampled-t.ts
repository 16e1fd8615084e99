import { studentCdf, studentQuantile } from '../runtime/distributions.ts';
import type { MetricName } from './metrics.ts';
import { leastP } from './p-values.ts';
import { angularInterval, wilsonInterval } from './share-interval.ts';

export interface ResampledInterval {
  mean: number;
  /** Sample standard deviation over partitions (n - 1). */
  sd: number;
  /** 95% interval, within [0, 1]. */
  low: number;
  high: number;
  /** Present where the partitions have no spread to go by: Wilson's interval on the patients. */
  method?: 'wilson';
}

/** What is known of the metric and its patients. */
export interface ResampledIntervalOptions {
  /** Absent: a share of which no level of chance is known. */
  metric?: MetricName | undefined;
  /** Patients of each class in the cohort. Absent: the information in the partitions is not bounded by them. */
  patients?: { positives: number; negatives: number } | undefined;
}

/**
 * The standard error of a mean over J overlapping hold-outs: √((1/J + n_test/n_train) · S²)
 * (Nadeau and Bengio, Machine Learning 52, 2003). The ratio is test to **train**; at J = 10 and 80/20
 * the error is 1.87 times the naive one, which takes the partitions for independent.
 */
function correctedError(sd: number, count: number, testToTrain: number): number {
  return Math.sqrt(1 / count + testToTrain) * sd;
}

/**
 * Mean, sd and 95% interval of a metric in [0, 1] over partitions: Nadeau and Bengio's variance with J − 1 degrees of freedom, on
 * the angular scale (arcsin √x), on which the spread of a share does not depend on the share, so that no interval leaves [0, 1].
 *
 * Two corrections follow from simulation (`bench/statistics.md`: coverage 93.5% to 97% from 48 to 500 patients; the plain rule has
 * 83% to 94%):
 * - Ten partitions cannot hold more information than their patients tested once each. The effective number of patients that the
 *   variance implies, m (1 − m) / SE², is at most 1.1 (AUC) or 1.3 times those that the metric counts. Where all partitions agree, or
 *   lie at 0 or 1, that number alone gives the interval, by Wilson's formula.
 * - Near chance the partitions agree more than their overlap explains, since what little is learned is learned from the same
 *   patients. For AUC and balanced accuracy the variance grows by up to the factor 1.7 and 1.1 as the true value nears 0.5.
 *
 * @param values one per partition
 * @param testToTrain test rows divided by training rows
 */
export function resampledInterval(
  values: ArrayLike<number>,
  testToTrain: number,
  options: ResampledIntervalOptions = {},
): ResampledInterval {
  const { mean, sd } = meanAndSd(values);
  if (values.length < 2) return { mean, sd: Number.NaN, low: Number.NaN, high: Number.NaN };
  const quantile = studentQuantile(0.975, values.length - 1);
  const most = mostInformation(options) ?? independentPartitions(values.length, testToTrain);
  if (!(sd > NO_SPREAD) || mean <= 0 || mean >= 1) {
    return { mean, sd, ...wilsonInterval(clamped(mean), most, quantile), method: 'wilson' };
  }
  const error = correctedError(sd, values.length, testToTrain);
  const implied = (mean * (1 - mean)) / (error * error);
  // The Brier score is no share of patients: its spread can be smaller than that of any share.
  const bounded = options.patients !== undefined && options.metric !== 'brier';
  const cases = bounded ? Math.min(implied, most) : implied;
  const excess = excessNearChance[options.metric ?? 'brier'] ?? 0;
  return { mean, sd, ...angularInterval(mean, { cases, quantile, chance: 0.5, excess }) };
}

/** Information of ten partitions over that of testing each patient once, at most. */
const mostPerPatient = { ofRanks: 1.1, ofShares: 1.3 };

/** Growth of the variance at chance. */
const excessNearChance: Partial<Record<MetricName, number>> = { auc: 0.7, balancedAccuracy: 0.1 };

/**
 * The largest effective number of patients: those that the metric counts, for metrics of both classes 4 n₁ n₀ / (n₁ + n₀), which
 * is all of them where the classes are equal.
 */
function mostInformation({ metric, patients }: ResampledIntervalOptions): number | undefined {
  if (patients === undefined) return undefined;
  const { positives, negatives } = patients;
  const all = positives + negatives;
  switch (metric) {
    case 'sensitivity':
      return mostPerPatient.ofShares * positives;
    case 'specificity':
      return mostPerPatient.ofShares * negatives;
    case 'accuracy':
    case 'brier':
      return mostPerPatient.ofShares * all;
    case 'auc':
    case 'prAuc':
      return (mostPerPatient.ofRanks * 4 * positives * negatives) / all;
    default:
      return (mostPerPatient.ofShares * 4 * positives * negatives) / all;
  }
}

/** As many cases as the correction takes the partitions for: all that is known without patients to count. */
function independentPartitions(count: number, testToTrain: number): number {
  return 1 / (1 / count + testToTrain);
}

function clamped(share: number): number {
  return Math.min(1, Math.max(0, share));
}

export interface ResampledTest {
  difference: number;
  low: number;
  high: number;
  /** Null where there is no test, see `resampledTest`. */
  t: number | null;
  /** Two-sided, never below `leastP`; null where there is no test. */
  p: number | null;
  /** Present where the differences have no spread: Wilson's interval on the patients, of (1 + difference) / 2. */
  method?: 'wilson';
}

/** Spreads of shares below this are rounding: all differences are equal. */
const NO_SPREAD = 1e-12;

/**
 * Paired comparison of two feature sets on the same partitions by the corrected resampled t-test.
 * Where the sets are equal in every partition, t is 0 and p is 1. Where they differ by the same amount in every partition, or
 * there is one partition alone, the test has no spread to go by: t and p are null. The interval then is
 * Wilson's on as many cases as the patients allow.
 */
export function resampledTest(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  testToTrain: number,
  options: ResampledIntervalOptions = {},
): ResampledTest {
  const differences = Array.from(a, (value, i) => value - b[i]);
  const { mean, sd } = meanAndSd(differences);
  if (differences.length < 2) {
    return { difference: mean, low: Number.NaN, high: Number.NaN, t: null, p: null };
  }
  if (!(sd > NO_SPREAD)) {
    const equal = differences.every((difference) => Math.abs(difference) < NO_SPREAD);
    const most = mostInformation(options) ?? independentPartitions(differences.length, testToTrain);
    const quantile = studentQuantile(0.975, differences.length - 1);
    const { low, high } = wilsonInterval(clamped((1 + mean) / 2), most, quantile);
    const [t, p] = equal ? [0, 1] : [null, null];
    return { difference: mean, low: 2 * low - 1, high: 2 * high - 1, t, p, method: 'wilson' };
  }
  const error = correctedError(sd, differences.length, testToTrain);
  const half = studentQuantile(0.975, differences.length - 1) * error;
  const t = mean / error;
  const p = Math.min(1, Math.max(leastP, 2 * studentCdf(-Math.abs(t), differences.length - 1)));
  return { difference: mean, low: Math.max(-1, mean - half), high: Math.min(1, mean + half), t, p };
}

/** Mean and sample standard deviation (n − 1). */
export function meanAndSd(values: ArrayLike<number>): { mean: number; sd: number } {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  const mean = sum / values.length;
  let squares = 0;
  for (let i = 0; i < values.length; i++) squares += (values[i] - mean) ** 2;
  return { mean, sd: Math.sqrt(squares / (values.length - 1)) };
}
