import { type Box, crop, growBox } from '../imaging/crop.ts';
import { countNonFinite, requireFiniteRegion } from '../imaging/finite-voxels.ts';
import { resampleRegion } from '../imaging/resample-region.ts';
import type { Mask, Volume } from '../imaging/volume.ts';
import { NacreError } from '../runtime/errors.ts';
import { checkedBox, correctedMask } from './check-region.ts';
import { type Diagnostics, imageDiagnostics, maskDiagnostics } from './diagnostics.ts';
import { type Bounds, outlierBounds, resegment, resegmentBounds } from './resegment.ts';
import type { Interpolator, Settings } from './settings.ts';

const interpolations = {
  sitkNearestNeighbor: 'nearest',
  sitkLinear: 'linear',
  sitkBSpline: 'bspline',
} as const satisfies Record<Interpolator, string>;

/** A region ready for filters and feature classes. */
export interface PreparedRegion {
  image: Volume;
  /** Mask after re-segmentation, for intensities and textures. */
  mask: Mask;
  /** Mask for shape: before re-segmentation, unless `resegmentShape`. */
  morphology: Mask;
  /** Bounding box of `mask`. */
  box: Box;
  /** Bounds of `resegmentRange`. */
  bounds: Bounds | undefined;
  diagnostics: Diagnostics;
}

/**
 * From image and region as read to what is measured, in PyRadiomics' order: mask onto the image's grid,
 * resampling or cropping, checks, re-segmentation, checks again. (Normalisation of the whole image comes before.)
 *
 * NaN and infinite voxels outside the region are allowed where no step reads them. Within the region they are refused,
 * unless bounds of re-segmentation given as intensities leave them out; PyRadiomics would carry NaN into the features.
 *
 * @throws NacreError for a region that cannot be measured
 */
export function prepareRegion(image: Volume, mask: Mask, settings: Settings): PreparedRegion {
  const diagnostics: Diagnostics = {};
  const corrected = correctedMask(image, mask, settings);
  let region = corrected ?? mask;
  let scan = image;
  if (settings.correctMask && settings.additionalInfo) {
    Object.assign(diagnostics, maskDiagnostics(region, 'corrected', image));
  }
  const { resampledPixelSpacing: spacing, interpolator } = settings;
  if (spacing !== null && interpolator !== null) {
    ({ image: scan, mask: region } = resampleRegion(scan, region, {
      spacing,
      interpolation: interpolations[interpolator],
      conventions: settings.conventions,
      padDistance: settings.padDistance,
    }));
    requireUnspread(image, corrected ?? mask, scan, region, interpolator);
    if (settings.additionalInfo) {
      Object.assign(diagnostics, imageDiagnostics(scan, 'interpolated'));
      Object.assign(diagnostics, maskDiagnostics(region, 'interpolated', scan));
    }
  } else if (settings.preCrop) {
    const around = growBox(checkedBox(region, settings), settings.padDistance, scan);
    scan = crop(scan, around);
    region = crop(region, around);
  }
  const box = checkedBox(region, settings);
  if (settings.resegmentRange === null || settings.resegmentMode !== 'absolute') {
    requireFiniteRegion(scan, region);
  }
  const bounds = resegmentBounds(scan, region, settings);
  if (bounds === undefined && settings.resegmentSigma === null) {
    return { image: scan, mask: region, morphology: region, box, bounds, diagnostics };
  }
  let left = bounds === undefined ? region : resegment(scan, region, bounds);
  // An upper bound left open lets +∞ through.
  requireFiniteRegion(scan, left);
  if (settings.resegmentSigma !== null) {
    left = resegment(scan, left, outlierBounds(scan, left, settings.resegmentSigma));
  }
  if (settings.additionalInfo) {
    Object.assign(diagnostics, maskDiagnostics(left, 'resegmented', scan));
  }
  return {
    image: scan,
    mask: left,
    morphology: settings.resegmentShape ? left : region,
    box: checkedBox(left, settings),
    bounds,
    diagnostics,
  };
}

/** Refuses a region into which resampling has carried NaN: a line from its neighbours, a B-spline from the whole image. */
function requireUnspread(
  image: Volume,
  mask: Mask,
  resampled: Volume,
  region: Mask,
  interpolator: Interpolator,
): void {
  const after = countNonFinite(resampled.data, region);
  const bad = after.nanInside + after.infiniteInside;
  if (bad === 0) return;
  const before = countNonFinite(image.data, mask);
  // With linear interpolation, a region that already holds NaN is checked after re-segmentation.
  const spline = interpolator === 'sitkBSpline';
  if (!spline && before.nanInside + before.infiniteInside > 0) return;
  throw new NacreError('non-finite', 'resampling spreads voxels that are not numbers', {
    found: `${before.nan} NaN and ${before.infinite} infinite voxels in the image, ${bad} in the resampled region`,
    expected: 'finite intensities wherever the interpolation reaches',
    todo: `replace them, for example by the value of air, and report it${spline ? '; or resample by sitkLinear, which reaches one voxel' : ''}`,
  });
}
