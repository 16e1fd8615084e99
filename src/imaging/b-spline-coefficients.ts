/** Pole of the cubic B-spline's inverse filter. */
const pole = Math.sqrt(3) - 2;
/** Gain of the causal and anticausal pass together. */
const gain = (1 - pole) * (1 - 1 / pole);
/** After so many voxels the pole's power is below 1e-10, ITK's tolerance. */
const horizon = Math.ceil(Math.log(1e-10) / Math.log(-pole));

/**
 * Coefficients of the cubic B-spline through the samples, in place, along one axis of an array: the recursive filter
 * of Unser, Aldroubi and Eden (IEEE Trans. Signal Process. 41:821, 1993) with mirror boundaries (…2 1 0 1 2…), as in ITK's
 * BSplineDecompositionImageFilter.
 *
 * @param data `count` blocks of `n` rows of `row` neighbouring numbers; the filter runs across the rows of a block
 */
export function splineCoefficients(
  data: Float64Array,
  row: number,
  n: number,
  count: number,
): void {
  if (n === 1) return;
  const block = row * n;
  const first = new Float64Array(row);
  for (let b = 0; b < count; b++) {
    const base = b * block;
    for (let i = base; i < base + block; i++) data[i] *= gain;
    causalStart(data, base, row, n, first);
    for (let r = 1; r < n; r++) {
      const at = base + r * row;
      for (let i = at; i < at + row; i++) data[i] += pole * data[i - row];
    }
    const last = base + (n - 1) * row;
    const tail = pole / (pole * pole - 1);
    for (let i = last; i < last + row; i++) data[i] = tail * (pole * data[i - row] + data[i]);
    for (let r = n - 2; r >= 0; r--) {
      const at = base + r * row;
      for (let i = at; i < at + row; i++) data[i] = pole * (data[i + row] - data[i]);
    }
  }
}

/** First causal value of every line: the sum over the mirrored samples before it. */
function causalStart(
  data: Float64Array,
  base: number,
  row: number,
  n: number,
  first: Float64Array,
): void {
  for (let i = 0; i < row; i++) first[i] = data[base + i];
  let power = pole;
  if (horizon < n) {
    for (let r = 1; r < horizon; r++) {
      const at = base + r * row;
      for (let i = 0; i < row; i++) first[i] += power * data[at + i];
      power *= pole;
    }
    for (let i = 0; i < row; i++) data[base + i] = first[i];
    return;
  }
  let back = pole ** (n - 1);
  const end = base + (n - 1) * row;
  for (let i = 0; i < row; i++) first[i] += back * data[end + i];
  back *= back / pole;
  for (let r = 1; r <= n - 2; r++) {
    const at = base + r * row;
    const weight = power + back;
    for (let i = 0; i < row; i++) first[i] += weight * data[at + i];
    power *= pole;
    back /= pole;
  }
  const scale = 1 / (1 - power * power);
  for (let i = 0; i < row; i++) data[base + i] = first[i] * scale;
}
