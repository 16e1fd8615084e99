import { log2 } from '../runtime/elementary.ts';

export interface Moments {
  mean: number;
  /** Divided by N. Infinite, or 0 although the values differ, where their squares leave the range of a number. */
  variance: number;
  /** Root of the variance; right for every finite column, since it never needs the squares themselves. */
  sd: number;
  /** Values that are not missing. */
  count: number;
}

/** Variances outside this range are computed anew from rescaled values: near its ends squares lose digits, then all. */
const LEAST_VARIANCE = 1e-280;
const LARGEST_VARIANCE = 1e280;

/** Mean, variance and sd (divided by N) of the values that are not missing; NaN where none is. Two passes. */
export function moments(values: Float64Array): Moments {
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
  if (low === high) return { mean: low, variance: 0, sd: 0, count };
  const mean = sum / count;
  let squares = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (Number.isNaN(value)) continue;
    squares += (value - mean) * (value - mean);
  }
  const variance = squares / count;
  if (count === 0 || (variance >= LEAST_VARIANCE && variance <= LARGEST_VARIANCE)) {
    return { mean, variance, sd: Math.sqrt(variance), count };
  }
  const exponent = exponentOf(Math.max(-low, high));
  const scaled = moments(timesPowerOfTwo(values, -exponent));
  const sd = timesPower(scaled.sd, exponent);
  return { mean: timesPower(scaled.mean, exponent), variance: sd * sd, sd, count };
}

/** Sizes at which sums of squares are safe. */
const LEAST_SIZE = 1e-100;
const LARGEST_SIZE = 1e100;

/**
 * The values, or where they are so large or small that sums of their squares would leave the range of a number, the values
 * times a power of two, which loses no digit. For measures that do not depend on scale.
 */
export function withinRange(values: Float64Array): Float64Array {
  let size = 0;
  for (let i = 0; i < values.length; i++) size = Math.max(size, Math.abs(values[i]));
  if (!(size > LARGEST_SIZE || (size < LEAST_SIZE && size > 0))) return values;
  return timesPowerOfTwo(values, -exponentOf(size));
}

/** The power of two at or just below a number above 0. */
function exponentOf(size: number): number {
  return Math.floor(log2(size));
}

function timesPowerOfTwo(values: Float64Array, exponent: number): Float64Array {
  return values.map((value) => timesPower(value, exponent));
}

/** In two steps, since 2 to the 1074 is not a number although 2 to the −1074 is one. */
function timesPower(value: number, exponent: number): number {
  const half = Math.trunc(exponent / 2);
  return value * 2 ** half * 2 ** (exponent - half);
}

/**
 * Writes a column as a unit vector to `start` of an array of zeros: centred and divided by its length, so that the dot product of two is
 * Pearson's r. A constant column stays zeros. Takes columns without missing values.
 */
export function unitVector(column: Float64Array, into: Float64Array, start: number): void {
  const n = column.length;
  const values = withinRange(column);
  const { mean, variance } = moments(values);
  if (variance === 0) return;
  const scale = 1 / Math.sqrt(variance * n);
  for (let i = 0; i < n; i++) into[start + i] = (values[i] - mean) * scale;
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
