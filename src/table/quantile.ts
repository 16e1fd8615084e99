/**
 * Linear between order statistics (type 7 of Hyndman and Fan 1996, as numpy and R compute it by default).
 *
 * @param sorted ascending, at least one
 * @param share in [0, 1]
 */
export function quantile(sorted: ArrayLike<number>, share: number): number {
  const at = share * (sorted.length - 1);
  const below = Math.floor(at);
  const above = Math.min(below + 1, sorted.length - 1);
  const part = at - below;
  const gap = sorted[above] - sorted[below];
  // The difference of two huge values of opposite sign overflows to infinity.
  return gap === Number.POSITIVE_INFINITY
    ? (1 - part) * sorted[below] + part * sorted[above]
    : sorted[below] + part * gap;
}
