/** Mean and standard deviation (N) of some voxels, and how many they were. */
export interface IntensityStatistics {
  mean: number;
  deviation: number;
  count: number;
}

/** Over the values for which `counts[i]` is not 0 (all without `counts`) and which exceed `above`. Two passes. */
export function intensityStatistics(
  values: ArrayLike<number>,
  above = Number.NEGATIVE_INFINITY,
  counts?: Uint8Array,
): IntensityStatistics {
  let count = 0;
  let sum = 0;
  for (let i = 0; i < values.length; i++) {
    if ((counts !== undefined && counts[i] === 0) || !(values[i] > above)) continue;
    count++;
    sum += values[i];
  }
  const mean = sum / count;
  let squares = 0;
  for (let i = 0; i < values.length; i++) {
    if ((counts !== undefined && counts[i] === 0) || !(values[i] > above)) continue;
    const off = values[i] - mean;
    squares += off * off;
  }
  return { mean, deviation: Math.sqrt(squares / count), count };
}
