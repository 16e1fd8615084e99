import tCdf from '@stdlib/stats-base-dists-t-cdf';
import tQuantile from '@stdlib/stats-base-dists-t-quantile';

export interface ResampledInterval {
  mean: number;
  /** Sample standard deviation over partitions (n - 1). */
  sd: number;
  /** 95% interval. */
  low: number;
  high: number;
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
 * Mean, sd and 95% interval of a metric over partitions by the corrected resampled t-test
 * (J − 1 degrees of freedom). Not clipped to [0, 1]: clipping would hide how little is known.
 *
 * @param values one per partition
 * @param testToTrain test rows divided by training rows
 */
export function resampledInterval(
  values: ArrayLike<number>,
  testToTrain: number,
): ResampledInterval {
  const { mean, sd } = meanAndSd(values);
  if (values.length < 2) return { mean, sd: Number.NaN, low: Number.NaN, high: Number.NaN };
  const half = tQuantile(0.975, values.length - 1) * correctedError(sd, values.length, testToTrain);
  return { mean, sd, low: mean - half, high: mean + half };
}

export interface ResampledTest {
  difference: number;
  low: number;
  high: number;
  /** Null where there is no test, see `resampledTest`. */
  t: number | null;
  /** Two-sided; null where there is no test. */
  p: number | null;
}

/** Spreads of shares below this are rounding: all differences are equal. */
const NO_SPREAD = 1e-12;

/**
 * Paired comparison of two feature sets on the same partitions by the corrected resampled t-test.
 * Where the sets are equal in every partition, t is 0 and p is 1. Where they differ by the same amount in every partition, or
 * there is one partition alone, the test has no spread to go by: t and p are null.
 */
export function resampledTest(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  testToTrain: number,
): ResampledTest {
  const differences = Array.from(a, (value, i) => value - b[i]);
  const { mean, low, high, sd } = resampledInterval(differences, testToTrain);
  if (!(sd > NO_SPREAD)) {
    const equal = differences.every((difference) => Math.abs(difference) < NO_SPREAD);
    return { difference: mean, low, high, t: equal ? 0 : null, p: equal ? 1 : null };
  }
  const t = mean / correctedError(sd, differences.length, testToTrain);
  const p = Math.min(1, 2 * tCdf(-Math.abs(t), differences.length - 1));
  return { difference: mean, low, high, t, p };
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
