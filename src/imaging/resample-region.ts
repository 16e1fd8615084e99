import { NacreError } from '../runtime/errors.ts';
import { boxOf, crop, growBox } from './crop.ts';
import type { Interpolation } from './interpolation-taps.ts';
import { resampleOnto } from './resample.ts';
import {
  boxAlignedGrid,
  centreAlignedGrid,
  closeSpacing,
  pyradiomicsSpacing,
} from './resample-grid.ts';
import { resampleMask } from './resample-mask.ts';
import { type Mask, type Vector3, type Volume, voxelCount } from './volume.ts';

export interface ResampleRegionOptions {
  /** Millimetres along i, j, k; 0 keeps the mask's spacing. */
  spacing: Vector3;
  /** Default `bspline`. */
  interpolation?: Interpolation;
  /**
   * `pyradiomics` (default): grid from the mask's corner, cut to the region's box and `padDistance`; integers truncated;
   * mask by nearest neighbour. `ibsi`: grid from the image's centre, whole image; integers rounded; mask interpolated,
   * inside from 0.5 on.
   */
  conventions?: 'pyradiomics' | 'ibsi';
  /** New voxels kept around the region's box (`pyradiomics`). Default 5. */
  padDistance?: number;
}

/**
 * Image and mask at another spacing, on one new grid.
 *
 * @throws NacreError `empty-mask` where the region is empty before or after
 */
export function resampleRegion(
  image: Volume,
  mask: Mask,
  options: ResampleRegionOptions,
): { image: Volume; mask: Mask } {
  const { interpolation = 'bspline', conventions = 'pyradiomics', padDistance = 5 } = options;
  const box = boxOf(mask);
  if (box === undefined) throw lost(mask, 'before');
  if (conventions === 'ibsi') {
    const grid = centreAlignedGrid(image, options.spacing);
    const region = resampleMask(mask, grid, { interpolation: 'linear' });
    if (boxOf(region) === undefined) throw lost(region, 'after');
    return {
      image: resampleOnto(image, grid, { interpolation, fractions: 'round' }),
      mask: region,
    };
  }
  const spacing = pyradiomicsSpacing(mask, box, options.spacing);
  if (closeSpacing(image.spacing, spacing)) {
    const region = resampleMask(mask, image);
    const around = boxOf(region);
    if (around === undefined) throw lost(region, 'after');
    const padded = growBox(around, padDistance, image);
    return { image: crop(image, padded), mask: crop(region, padded) };
  }
  const grid = boxAlignedGrid(mask, box, spacing, padDistance);
  const region = resampleMask(mask, grid);
  if (boxOf(region) === undefined) throw lost(region, 'after');
  return { image: resampleOnto(image, grid, { interpolation }), mask: region };
}

function lost(mask: Mask, when: 'before' | 'after'): NacreError {
  return new NacreError('empty-mask', `the mask has no voxel ${when} resampling`, {
    found: `0 of ${voxelCount(mask)} voxels at ${mask.spacing.map((s) => s.toPrecision(4)).join('×')} mm`,
    expected: 'a region of at least one voxel',
    todo: when === 'after' ? 'choose a finer spacing' : 'check the mask',
  });
}
