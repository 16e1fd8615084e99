/**
 * Upper and lower half of a float64: sign, exponent and 20 bits of the fraction, and its other 32 bits.
 */
const float = new Float64Array([1]);
const words = new Int32Array(float.buffer);
const upper = words[1] === 0x3ff00000 ? 1 : 0;
const lower = 1 - upper;

/** By k + 1074. A float64 that is read right after half of it was written makes a processor wait; these are read alone. */
const powers = powersFrom(-1074, 1023);

/** 2^least to 2^most. */
function powersFrom(least: number, most: number): Float64Array {
  const all = new Float64Array(most - least + 1);
  for (let at = 0, power = 2 ** least; at < all.length; at++, power *= 2) all[at] = power;
  return all;
}

/** The upper half, with its sign: below 0 for negative numbers and -0. */
export function highWord(x: number): number {
  float[0] = x;
  return words[upper];
}

/** `x` without the lower half. */
export function withoutLowWord(x: number): number {
  const word = highWord(x);
  const power = (word >>> 20) & 0x7ff;
  if (power === 0) {
    words[lower] = 0;
    return float[0];
  }
  const size = ((word & 0xfffff) | 0x100000) * powers[power + 31];
  return word < 0 ? -size : size;
}

/** The number whose upper half is `high` and whose lower half is 0. */
export function fromHighWord(high: number): number {
  words[lower] = 0;
  words[upper] = high;
  return float[0];
}

/** 2^k, for k from -1074 to 1023. */
export function powerOfTwo(k: number): number {
  return powers[k + 1074];
}

/** The nearest number of 23 bits, halves away from zero. */
export function roundedTo23Bits(x: number): number {
  float[0] = x;
  const low = (words[lower] >>> 0) + 0x80000000;
  words[upper] += low >= 2 ** 32 ? 1 : 0;
  words[lower] = low & 0xc0000000;
  return float[0];
}
