import { withinRange } from './moments.ts';

/**
 * One-way F statistic of two classes, the square of Student's t with pooled variance (scikit-learn's f_classif):
 * between-class over within-class mean square, with 1 and n − 2 degrees of freedom. 0 for a constant column,
 * infinite where each class is constant. Does not depend on the scale of the values.
 *
 * @param values complete, finite
 * @param labels 0 or 1 a value, both present, at least 3 values
 */
export function fStatistic(values: Float64Array, labels: Uint8Array): number {
  const scaled = withinRange(values);
  const n = scaled.length;
  const count = [0, 0];
  const mean = [0, 0];
  const low = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  const high = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < n; i++) {
    const value = scaled[i];
    const label = labels[i];
    count[label]++;
    mean[label] += value;
    if (value < low[label]) low[label] = value;
    if (value > high[label]) high[label] = value;
  }
  // Means of constants round: sums of squares would then be 1e-33 instead of 0, and their ratio any number.
  if (low[0] === high[0] && low[1] === high[1]) {
    return low[0] === low[1] ? 0 : Number.POSITIVE_INFINITY;
  }
  const whole = (mean[0] + mean[1]) / n;
  mean[0] /= count[0];
  mean[1] /= count[1];
  let within = 0;
  for (let i = 0; i < n; i++) {
    const d = scaled[i] - mean[labels[i]];
    within += d * d;
  }
  const between = count[0] * (mean[0] - whole) ** 2 + count[1] * (mean[1] - whole) ** 2;
  if (between === 0) return 0;
  return between / (within / (n - 2));
}
