import { NacreError } from '../../runtime/errors.ts';
import { type FeatureOptions, featureValues, type IntensityClass } from '../feature-class.ts';
import { intensityVolumeHistogramFeatures } from '../feature-names-ibsi.ts';
import { type RegionOfInterest, regionIntensities } from '../region-of-interest.ts';

export interface IntensityVolumeHistogramOptions extends FeatureOptions {
  /** Width of a bin; undefined: each intensity is its own bin. */
  ivhBinWidth?: number | undefined;
  /** Number of bins in place of a width: IBSI's advice (1000) for arbitrary units. */
  ivhBinCount?: number | undefined;
  /** Re-segmentation range; an upper end of Infinity is the region's maximum. Default the region's own range. */
  ivhRange?: readonly [number, number] | undefined;
}

/** Intensities as the histogram counts them, ascending, the ends of its range, and how it steps from one to the next. */
interface VolumeHistogram {
  readonly sorted: Float64Array;
  readonly low: number;
  readonly high: number;
  /** Undefined: from one intensity that occurs to the next. */
  readonly step: number | undefined;
}

/**
 * Intensity-volume histogram (IBSI P88C; reference manual, 3.5). Without `ivhBinWidth` each intensity is its own bin: whole
 * numbers step by 1 ("definite intensities"), others from one that occurs to the next. With it intensities become the
 * centres of bins that begin at the lower end of `ivhRange`. The range is `ivhRange`, or the region's own. With
 * `ivhBinCount` they become the numbers of that many bins between the region's minimum and maximum.
 */
export const intensityVolumeHistogram: IntensityClass<IntensityVolumeHistogramOptions> = {
  name: 'intensityvolumehistogram',
  title: 'Intensity-volume histogram',
  needs: 'intensities',
  features: intensityVolumeHistogramFeatures,
  compute(region, options = {}) {
    const histogram = volumeHistogram(region, options);
    const [v10, v90] = [0.1, 0.9].map((share) => volumeAtIntensity(histogram, share));
    const [i10, i90] = [0.1, 0.9].map((share) => intensityAtVolume(histogram, share));
    return featureValues(
      intensityVolumeHistogramFeatures,
      {
        VolumeAtIntensityFraction10: v10,
        VolumeAtIntensityFraction90: v90,
        IntensityAtVolumeFraction10: i10,
        IntensityAtVolumeFraction90: i90,
        VolumeFractionDifference: v10 - v90,
        IntensityFractionDifference: i10 - i90,
      },
      options,
      'every intensity of the range is reached by more voxels than this share',
    );
  },
};

function volumeHistogram(
  region: RegionOfInterest,
  { ivhBinWidth: width, ivhBinCount: bins, ivhRange }: IntensityVolumeHistogramOptions,
): VolumeHistogram {
  const sorted = regionIntensities(region).sort();
  const most = sorted[sorted.length - 1];
  if (bins !== undefined) {
    requireBins(bins, 'ivhBinCount');
    const scale = bins / (most - sorted[0] || 1);
    const level = (value: number) => Math.min(bins, Math.floor((value - sorted[0]) * scale) + 1);
    return { sorted: sorted.map(level), low: 1, high: bins, step: 1 };
  }
  const [low, end] = ivhRange ?? [sorted[0], most];
  const high = Number.isFinite(end) ? end : most;
  if (width === undefined) {
    const step = sorted.every((value) => Number.isInteger(value)) ? 1 : undefined;
    return { sorted, low, high, step };
  }
  requireBins(width, 'ivhBinWidth');
  // The upper end of the range lies in the last bin and does not open another.
  const last = Math.max(0, Math.ceil((high - low) / width - 1e-9) - 1);
  const centre = (bin: number) => low + (bin + 0.5) * width;
  return {
    sorted: sorted.map((value) => centre(Math.min(last, Math.floor((value - low) / width)))),
    low: centre(0),
    high: centre(last),
    step: width,
  };
}

function requireBins(value: number, column: string): void {
  if (value > 0 && Number.isFinite(value)) return;
  throw new NacreError('bad-bins', 'bins cannot be made', {
    column,
    found: String(value),
    expected: 'a positive number',
  });
}

/** Share of voxels whose intensity is at least so far up the range. */
function volumeAtIntensity({ sorted, low, high }: VolumeHistogram, share: number): number {
  // 1e-12 of the range less: an intensity on the limit itself counts whatever the rounding.
  const limit = low + (share - 1e-12) * (high - low);
  let below = 0;
  while (below < sorted.length && sorted[below] < limit) below++;
  return (sorted.length - below) / sorted.length;
}

/** The lowest intensity of the range that at most this share of voxels reaches; NaN where there is none. */
function intensityAtVolume({ sorted, low, high, step }: VolumeHistogram, share: number): number {
  const n = sorted.length;
  // At most floor(share · n) voxels may reach it, so it lies above the value just before those.
  const place = n - Math.floor(share * n + 1e-9) - 1;
  if (place < 0) return low;
  const value = sorted[place];
  if (step !== undefined) {
    const next = value + step;
    return next > high + 1e-9 * step ? Number.NaN : next;
  }
  for (let at = place + 1; at < n; at++) if (sorted[at] > value) return sorted[at];
  return Number.NaN;
}
