import { type Box, boxOf, sizeOfBox } from '../imaging/crop.ts';
import { maskOnGrid } from '../imaging/mask-on-grid.ts';
import type { Mask, Volume } from '../imaging/volume.ts';
import { NacreError } from '../runtime/errors.ts';
import type { Settings } from './settings.ts';

/**
 * The mask on the image's grid: itself where it lies there, resampled by nearest neighbour where `correctMask` allows
 * that and the region lies inside the image (PyRadiomics `_correctMask`).
 *
 * @returns undefined where the mask needed no correction
 * @throws NacreError `geometry-mismatch` with the measured differences, `region-outside`, `empty-mask`
 */
export function correctedMask(
  image: Volume,
  mask: Mask,
  { geometryTolerance, correctMask }: Settings,
): Mask | undefined {
  const onGrid = maskOnGrid(image, mask, {
    resample: correctMask,
    tolerance: geometryTolerance ?? undefined,
  });
  return onGrid === mask ? undefined : onGrid;
}

/**
 * Box of the region, once it is long and large enough (PyRadiomics `checkMask`).
 *
 * @throws NacreError `empty-mask`, `single-voxel`, `few-dimensions`, `region-too-small`
 */
export function checkedBox(
  mask: Mask,
  {
    minimumROIDimensions,
    minimumROISize,
  }: Pick<Settings, 'minimumROIDimensions' | 'minimumROISize'>,
): Box {
  const box = boxOf(mask);
  if (box === undefined) {
    throw new NacreError('empty-mask', 'the mask is empty', {
      found: '0 voxels',
      expected: 'a region of more than one voxel',
    });
  }
  const size = sizeOfBox(box);
  const dimensions = size.filter((n) => n > 1).length;
  if (dimensions === 0) {
    throw new NacreError('single-voxel', 'the region is a single voxel', {
      found: '1 voxel',
      expected: `a region of ${minimumROIDimensions} dimensions`,
      todo: 'leave the case out: no feature is defined for it',
    });
  }
  if (dimensions < minimumROIDimensions) {
    throw new NacreError('few-dimensions', 'the region has too few dimensions', {
      found: `${size.join('×')} voxels, ${dimensions} longer than one`,
      expected: `at least ${minimumROIDimensions}`,
      todo: 'lower minimumROIDimensions, or leave the case out',
    });
  }
  if (minimumROISize !== null) {
    let voxels = 0;
    for (const inside of mask.data) voxels += inside;
    if (voxels <= minimumROISize) {
      throw new NacreError('region-too-small', 'the region is too small', {
        found: `${voxels} voxels`,
        expected: `more than ${minimumROISize} (minimumROISize)`,
        todo: 'lower minimumROISize, or leave the case out',
      });
    }
  }
  return box;
}
