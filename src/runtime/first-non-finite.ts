/** Place of the first value that is NaN or infinite; −1 where all are finite. */
export function firstNonFinite(values: ArrayLike<number>): number {
  for (let at = 0; at < values.length; at++) {
    // NaN and both infinities fail this, and nothing else.
    if (values[at] - values[at] !== 0) return at;
  }
  return -1;
}
