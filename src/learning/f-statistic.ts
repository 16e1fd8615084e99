/**
 * One-way F statistic of two classes, the square of Student's t with pooled variance (scikit-learn's f_classif):
 * between-class over within-class mean square, with 1 and n − 2 degrees of freedom. 0 for a constant column,
 * infinite where the classes are constants of their own.
 *
 * @param values complete
 * @param labels 0 or 1 a value, both present, at least 3 values
 */
export function fStatistic(values: Float64Array, labels: Uint8Array): number {
  const n = values.length;
  const count = [0, 0];
  const mean = [0, 0];
  for (let i = 0; i < n; i++) {
    count[labels[i]]++;
    mean[labels[i]] += values[i];
  }
  const whole = (mean[0] + mean[1]) / n;
  mean[0] /= count[0];
  mean[1] /= count[1];
  let within = 0;
  for (let i = 0; i < n; i++) {
    const d = values[i] - mean[labels[i]];
    within += d * d;
  }
  const between = count[0] * (mean[0] - whole) ** 2 + count[1] * (mean[1] - whole) ** 2;
  if (between === 0) return 0;
  return between / (within / (n - 2));
}
