/** Mean and variance (divided by N) of the values that are not missing; NaN where none is. Two passes. */
export function moments(values: Float64Array): { mean: number; variance: number; count: number } {
  let count = 0;
  let sum = 0;
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (Number.isNaN(value)) continue;
    count++;
    sum += value;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  // A constant whose mean rounds would otherwise have a variance of 1e-33 instead of 0.
  if (low === high) return { mean: low, variance: 0, count };
  const mean = sum / count;
  let squares = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (Number.isNaN(value)) continue;
    squares += (value - mean) * (value - mean);
  }
  return { mean, variance: squares / count, count };
}

/**
 * Columns as unit vectors, column after column in one array: centred and divided by their length, so that the
 * dot product of two is Pearson's r. A constant column becomes zeros. Takes columns without missing values.
 */
export function unitColumns(columns: readonly { values: Float64Array }[]): Float64Array {
  const n = columns.length === 0 ? 0 : columns[0].values.length;
  const unit = new Float64Array(n * columns.length);
  for (let c = 0; c < columns.length; c++) {
    const { values } = columns[c];
    const { mean, variance } = moments(values);
    if (variance === 0) continue;
    const scale = 1 / Math.sqrt(variance * n);
    for (let i = 0; i < n; i++) unit[c * n + i] = (values[i] - mean) * scale;
  }
  return unit;
}

/**
 * Dot product of n numbers of `a` from `aStart` and of `b` from `bStart`. Four sums run side by side, since each
 * addition waits for the one before it in its own sum.
 */
export function dot(
  a: Float64Array,
  aStart: number,
  b: Float64Array,
  bStart: number,
  n: number,
): number {
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  let i = 0;
  for (; i + 3 < n; i += 4) {
    s0 += a[aStart + i] * b[bStart + i];
    s1 += a[aStart + i + 1] * b[bStart + i + 1];
    s2 += a[aStart + i + 2] * b[bStart + i + 2];
    s3 += a[aStart + i + 3] * b[bStart + i + 3];
  }
  for (; i < n; i++) s0 += a[aStart + i] * b[bStart + i];
  return s0 + s1 + (s2 + s3);
}
