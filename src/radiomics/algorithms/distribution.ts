import { loopMemory } from './loop-memory.ts';

/** Statistics of a sample, as IBSI (UHIW) and numpy define them. */
export interface Distribution {
  readonly mean: number;
  readonly minimum: number;
  readonly maximum: number;
  /** Sum of (value + shift)². */
  readonly squares: number;
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

/**
 * @param sorted ascending, not empty
 * @param shift added to the values for `squares` alone
 */
export function distribution(sorted: Float64Array, shift = 0): Distribution {
  const n = sorted.length;
  const low = percentile(sorted, 10);
  const median = percentile(sorted, 50);
  const high = percentile(sorted, 90);
  return loopMemory([2 * n, 14], ({ loops, doubles }, [v, s]) => {
    doubles.set(sorted, v / 8);
    // A flat sample's mean is its value, not a rounding of it.
    const mean = sorted[0] === sorted[n - 1] ? sorted[0] : loops.sumOf(v, n) / n;
    loops.sumDeviations(v, n, mean, median, low, high, s);
    const [m2, m3, m4, absolute, fromMedian, robustCount, robust] = doubles.subarray(
      s / 8,
      s / 8 + 7,
    );
    const variance = m2 / n;
    return {
      mean,
      minimum: sorted[0],
      maximum: sorted[n - 1],
      squares: loops.sumOfSquares(v, n, shift),
      variance,
      skewness: variance === 0 ? 0 : m3 / n / (variance * Math.sqrt(variance)),
      excessKurtosis: variance === 0 ? 0 : m4 / n / (variance * variance) - 3,
      meanAbsoluteDeviation: absolute / n,
      robustMeanAbsoluteDeviation: robust / robustCount,
      medianAbsoluteDeviation: fromMedian / n,
    };
  });
}

/** numpy.percentile's default: linear between the two nearest. `share` 0 to 100. */
export function percentile(sorted: Float64Array, share: number): number {
  const place = ((sorted.length - 1) * share) / 100;
  const below = Math.floor(place);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (sorted[above] - sorted[below]) * (place - below);
}
