import { fromHighWord, highWord, roundedTo23Bits } from './words.ts';

/** The cube root, of either sign, within 0.67 of the last place; FreeBSD's in fdlibm, to its last bit. */
export function cbrt(x: number): number {
  if (x === 0 || !Number.isFinite(x)) return x;
  const word = highWord(x);
  const sign = word & 0x80000000;
  const size = word & 0x7fffffff;
  // To 5 bits: a third of the exponent.
  let t =
    size < 0x00100000
      ? fromHighWord(sign | (Math.floor((highWord(2 ** 54 * x) & 0x7fffffff) / 3) + 696219795))
      : fromHighWord(sign | (Math.floor(size / 3) + 715094163));
  // To 23 bits: a polynomial for 1 / ∛(t³ / x).
  const r = t * t * (t / x);
  t *=
    1.87595182427177 +
    r * (-1.8849797954337717 + r * 1.6214297201053545) +
    r * r * r * (-0.758397934778766 + r * 0.14599619288661245);
  // To 53 bits: a step of Newton's.
  t = roundedTo23Bits(t);
  const quotient = x / (t * t);
  return t + t * ((quotient - t) / (t + t + quotient));
}

/** The root of the sum of squares, without overflow; summed after Kahan, as V8 does. */
export function hypot(...values: readonly number[]): number {
  let largest = 0;
  let hasNaN = false;
  for (const value of values) {
    const size = Math.abs(value);
    if (size === Number.POSITIVE_INFINITY) return size;
    if (Number.isNaN(size)) hasNaN = true;
    else if (size > largest) largest = size;
  }
  if (hasNaN) return Number.NaN;
  if (largest === 0) return 0;
  let sum = 0;
  let lost = 0;
  for (const value of values) {
    const share = Math.abs(value) / largest;
    const square = share * share - lost;
    const next = sum + square;
    lost = next - sum - square;
    sum = next;
  }
  return Math.sqrt(sum) * largest;
}
