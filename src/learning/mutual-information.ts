import { log } from '../runtime/elementary.ts';

/**
 * Mutual information of two discrete variables in nats, from counts (the plug-in estimate):
 * Σ n_ab/n · ln(n · n_ab / (n_a · n_b)). 0 where one of them is constant; never below 0.
 *
 * @param a, b levels, each below its number of levels; level a at row i is `a[aStart + i]`
 */
export function mutualInformation(
  a: Uint8Array,
  b: Uint8Array,
  levels = 64,
  { aStart = 0, bStart = 0, rows = a.length } = {},
): number {
  const joint = new Int32Array(levels * levels);
  return informationOf(a, aStart, b, bStart, rows, levels, joint, logarithms(rows));
}

/** k · ln k for k from 0 to n: what the counts' entropy is made of. */
export function logarithms(n: number): Float64Array {
  return Float64Array.from({ length: n + 1 }, (_, k) => (k === 0 ? 0 : k * log(k)));
}

/** The same without allocation: `joint` has levels² zeros and is left so; `kLogK` reaches to `rows`. */
export function informationOf(
  a: Uint8Array,
  aStart: number,
  b: Uint8Array,
  bStart: number,
  rows: number,
  levels: number,
  joint: Int32Array,
  kLogK: Float64Array,
): number {
  for (let i = 0; i < rows; i++) joint[a[aStart + i] * levels + b[bStart + i]]++;
  // n · I = Σ n_ab ln n_ab − Σ n_a ln n_a − Σ n_b ln n_b + n ln n
  let sum = kLogK[rows];
  for (let i = 0; i < levels; i++) {
    let rowCount = 0;
    let columnCount = 0;
    for (let j = 0; j < levels; j++) {
      sum += kLogK[joint[i * levels + j]];
      rowCount += joint[i * levels + j];
      columnCount += joint[j * levels + i];
    }
    sum -= kLogK[rowCount] + kLogK[columnCount];
  }
  joint.fill(0);
  return Math.max(0, sum / rows);
}
