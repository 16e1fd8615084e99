import type { Mask, Volume } from '../imaging/volume.ts';
import { NacreError } from '../runtime/errors.ts';
import type { Settings } from './settings.ts';

/** Mean and population standard deviation of the intensities in a region, and their ends. */
export interface RegionMoments {
  mean: number;
  sd: number;
  minimum: number;
  maximum: number;
}

/** Lowest and highest intensity that stay in a region. */
export interface Bounds {
  low: number;
  high: number;
}

/** Statistics of the region, or of the whole image. Two passes, the mean first: large offsets then lose no precision. */
export function regionMoments({ data }: Volume, mask?: Mask): RegionMoments {
  const inside = mask?.data;
  let count = 0;
  let sum = 0;
  let minimum = Number.POSITIVE_INFINITY;
  let maximum = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < data.length; i++) {
    if (inside !== undefined && inside[i] === 0) continue;
    const value = data[i];
    count++;
    sum += value;
    if (value < minimum) minimum = value;
    if (value > maximum) maximum = value;
  }
  const mean = sum / count;
  let squares = 0;
  for (let i = 0; i < data.length; i++) {
    if (inside === undefined || inside[i] !== 0) squares += (data[i] - mean) ** 2;
  }
  return { mean, sd: Math.sqrt(squares / count), minimum, maximum };
}

/** Lower and, where given, upper bound of `resegmentRange` as intensities (PyRadiomics `resegmentMask`). */
export function resegmentBounds(
  image: Volume,
  mask: Mask,
  { resegmentRange, resegmentMode }: Settings,
): Bounds | undefined {
  if (resegmentRange === null) return undefined;
  const ordered = [...resegmentRange].sort((a, b) => a - b);
  let bounds = ordered;
  if (resegmentMode !== 'absolute') {
    const { mean, sd, maximum } = regionMoments(image, mask);
    bounds = ordered.map((x) => (resegmentMode === 'relative' ? x * maximum : mean + x * sd));
  }
  return { low: bounds[0], high: bounds[1] ?? Number.POSITIVE_INFINITY };
}

/** Bounds of `resegmentSigma` standard deviations around the mean of a region, which range re-segmentation has been applied to. */
export function outlierBounds(image: Volume, mask: Mask, sigmas: number): Bounds {
  const { mean, sd } = regionMoments(image, mask);
  return { low: mean - sigmas * sd, high: mean + sigmas * sd };
}

/**
 * The region without the voxels outside the bounds (both included in it).
 *
 * @throws NacreError `resegmented-away` where at most one voxel is left, as PyRadiomics does
 */
export function resegment(image: Volume, mask: Mask, bounds: Bounds): Mask {
  const data = new Uint8Array(mask.data.length);
  let before = 0;
  let after = 0;
  for (let i = 0; i < data.length; i++) {
    if (mask.data[i] === 0) continue;
    before++;
    if (image.data[i] >= bounds.low && image.data[i] <= bounds.high) {
      data[i] = 1;
      after++;
    }
  }
  if (after <= 1) {
    throw new NacreError('resegmented-away', 're-segmentation leaves too little of the region', {
      found: `${after} of ${before} voxels within ${bounds.low} to ${bounds.high}`,
      expected: 'at least 2 voxels',
      todo: 'widen resegmentRange or resegmentSigma',
    });
  }
  return { ...mask, data };
}
