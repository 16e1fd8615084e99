/** How far a value lies from the others of its cohort. */
export interface Outlier {
  /** Robust standard deviations from the median; signed. */
  z: number;
  median: number;
}

/** Least number of values; with fewer, no outliers are reported. */
export const fewestForOutliers = 8;
/** Robust standard deviations from which on a value counts as an outlier (Iglewicz and Hoaglin 1993). */
export const outlierLimit = 3.5;

/**
 * The distance of each value from the median in robust standard deviations (1.4826 × the median absolute deviation, Rousseeuw
 * and Croux 1993). Undefined for values that are undefined, and for all where there are fewer than eight.
 *
 * @param leastDeviation lower limit of the deviation, for cohorts whose values are nearly equal
 */
export function robustOutliers(
  values: readonly (number | undefined)[],
  leastDeviation: number,
): (Outlier | undefined)[] {
  const known = values.filter((value) => value !== undefined && Number.isFinite(value)) as number[];
  if (known.length < fewestForOutliers) return values.map(() => undefined);
  const median = medianOf(known);
  const deviation = 1.4826 * medianOf(known.map((value) => Math.abs(value - median)));
  const scale = Math.max(deviation, leastDeviation);
  return values.map((value) =>
    value === undefined || !Number.isFinite(value)
      ? undefined
      : { z: (value - median) / scale, median },
  );
}

export function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}
