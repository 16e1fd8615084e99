import type { Volume } from '../imaging/volume.ts';

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

const bins = 4096;

/**
 * Otsu's threshold between air and body: the one that maximises the variance between the two classes of a histogram
 * of 4096 bins between the 0.1th and the 99.9th percentile (metal and spikes would squeeze it otherwise).
 *
 * Reference: Otsu 1979, IEEE Trans. Syst. Man Cybern. 9(1):62-66.
 *
 * @returns a value in the scan's units; air is at or below it. NaN for a scan of one value.
 */
export function otsuThreshold({ data }: Volume): number {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < data.length; i++) {
    if (data[i] < low) low = data[i];
    if (data[i] > high) high = data[i];
  }
  const first = histogram(data, low, high);
  if (first === undefined) return Number.NaN;
  const width = (high - low) / bins;
  const clipLow = low + width * quantileBin(first, 0.001);
  const clipHigh = low + width * (quantileBin(first, 0.999) + 1);
  const counts = histogram(data, clipLow, clipHigh) ?? first;
  let total = 0;
  let moment = 0;
  for (let b = 0; b < bins; b++) {
    total += counts[b];
    moment += b * counts[b];
  }
  let best = -1;
  let firstBest = 0;
  let lastBest = 0;
  let below = 0;
  let belowMoment = 0;
  for (let b = 0; b < bins - 1; b++) {
    below += counts[b];
    belowMoment += b * counts[b];
    const above = total - below;
    if (below === 0 || above === 0) continue;
    const gap = belowMoment / below - (moment - belowMoment) / above;
    const between = below * above * gap * gap;
    if (between > best) {
      best = between;
      firstBest = b;
    }
    if (between === best) lastBest = b;
  }
  // Every threshold in an empty gap is as good: the middle of the gap.
  return clipLow + (((firstBest + lastBest) / 2 + 1) * (clipHigh - clipLow)) / bins;
}

function histogram(data: ArrayLike<number>, low: number, high: number): Float64Array | undefined {
  if (!(high > low)) return undefined;
  const counts = new Float64Array(bins);
  const scale = bins / (high - low);
  for (let i = 0; i < data.length; i++) {
    const bin = Math.floor((data[i] - low) * scale);
    counts[bin < 0 ? 0 : bin >= bins ? bins - 1 : bin]++;
  }
  return counts;
}

/** Bin in which a share of all counts is reached. */
function quantileBin(counts: Float64Array, share: number): number {
  let total = 0;
  for (let b = 0; b < counts.length; b++) total += counts[b];
  let sum = 0;
  for (let b = 0; b < counts.length; b++) {
    sum += counts[b];
    if (sum >= share * total) return b;
  }
  return counts.length - 1;
}
