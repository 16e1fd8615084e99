import type { Assumption, NoteAssumption } from '../runtime/assumptions.ts';

/** Numbers that stand for a missing value in many tables. */
const above = new Set([888, 999, 8888, 9999, 99_999, 999_999]);
const below = new Set([
  ...[-1, -7, -8, -9, -77, -88, -99, -888, -999, -1000, -8888, -9999, -99_999, -999_999],
]);
/** The ends of number types, which programs write for none: of 16 and 32 bits, float and double. */
const ends = [32_767, 2_147_483_647, 3.4e38, 1.79e308];
const isEnd = (value: number) =>
  ends.some((end) => Math.abs(Math.abs(value) - end) <= 0.005 * end && Math.abs(value) >= end);

/**
 * A warning where a column of numbers holds what looks like a code for a missing value: 999 far above all other values, or -9
 * where no other value is below zero. The values stay as they are; the manifest decides.
 *
 * @param values NaN where missing
 */
function missingCodeNote(
  values: ArrayLike<number>,
  column: string,
  file: string,
): Assumption | undefined {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < values.length; i++) {
    if (values[i] < low) low = values[i];
    if (values[i] > high) high = values[i];
  }
  const code =
    above.has(high) || isEnd(high) ? high : below.has(low) || isEnd(low) ? low : undefined;
  if (code === undefined) return undefined;
  let [least, most, count, fractional] = [
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
    0,
    false,
  ];
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (Number.isNaN(value)) continue;
    if (value === code) count++;
    else {
      if (value < least) least = value;
      if (value > most) most = value;
      if (!Number.isInteger(value)) fractional = true;
    }
  }
  const apart =
    code > 0
      ? most > Number.NEGATIVE_INFINITY && code > 3 * Math.max(most, 0)
      : least < Number.POSITIVE_INFINITY &&
        (least >= 0 ? code < -1 || !fractional : isEnd(code) && code < 3 * least);
  if (!apart) return undefined;
  return {
    kind: 'missing-code',
    level: 'warning',
    file,
    found: `${column}: the value ${code} in ${count} ${count === 1 ? 'cell' : 'cells'}, all others from ${least} to ${most}`,
    taken: 'taken as a number',
    why: `if it means a missing value, declare it in the manifest: "missing": ["${code}"]`,
  };
}

export function noteMissingCode(
  values: ArrayLike<number>,
  column: string,
  file: string,
  note: NoteAssumption,
): void {
  const found = missingCodeNote(values, column, file);
  if (found !== undefined) note(found);
}
