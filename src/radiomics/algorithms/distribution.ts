/** Statistics of a sample, as IBSI (UHIW) and numpy define them. */
export interface Distribution {
  readonly mean: number;
  readonly minimum: number;
  readonly maximum: number;
  /** Divided by N. */
  readonly variance: number;
  /** 0 where the variance is. */
  readonly skewness: number;
  /** 0 where the variance is. */
  readonly excessKurtosis: number;
  readonly meanAbsoluteDeviation: number;
  /** Mean absolute deviation of the values between the 10th and 90th percentile, these included. */
  readonly robustMeanAbsoluteDeviation: number;
  /** Mean distance from the median. */
  readonly medianAbsoluteDeviation: number;
}

/** @param sorted ascending, not empty */
export function distribution(sorted: Float64Array): Distribution {
  const n = sorted.length;
  const [low, median, high] = [10, 50, 90].map((share) => percentile(sorted, share));
  let sum = 0;
  for (let at = 0; at < n; at++) sum += sorted[at];
  // A flat sample's mean is its value, not a rounding of it.
  const mean = sorted[0] === sorted[n - 1] ? sorted[0] : sum / n;
  let [m2, m3, m4, absolute, fromMedian, robustSum, robustCount] = [0, 0, 0, 0, 0, 0, 0];
  for (let at = 0; at < n; at++) {
    const value = sorted[at];
    const apart = value - mean;
    const squared = apart * apart;
    m2 += squared;
    m3 += squared * apart;
    m4 += squared * squared;
    absolute += Math.abs(apart);
    fromMedian += Math.abs(value - median);
    if (value >= low && value <= high) {
      robustSum += value;
      robustCount++;
    }
  }
  const robustMean = robustSum / robustCount;
  let robust = 0;
  for (let at = 0; at < n; at++) {
    if (sorted[at] >= low && sorted[at] <= high) robust += Math.abs(sorted[at] - robustMean);
  }
  const variance = m2 / n;
  return {
    mean,
    minimum: sorted[0],
    maximum: sorted[n - 1],
    variance,
    skewness: variance === 0 ? 0 : m3 / n / (variance * Math.sqrt(variance)),
    excessKurtosis: variance === 0 ? 0 : m4 / n / (variance * variance) - 3,
    meanAbsoluteDeviation: absolute / n,
    robustMeanAbsoluteDeviation: robust / robustCount,
    medianAbsoluteDeviation: fromMedian / n,
  };
}

/** numpy.percentile's default: linear between the two nearest. `share` 0 to 100. */
export function percentile(sorted: Float64Array, share: number): number {
  const place = ((sorted.length - 1) * share) / 100;
  const below = Math.floor(place);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (sorted[above] - sorted[below]) * (place - below);
}
