import { type Box, boxOf, sizeOfBox } from '../imaging/crop.ts';
import { resampleMask } from '../imaging/resample-mask.ts';
import { geometryDifferences } from '../imaging/same-geometry.ts';
import {
  indexToPoint,
  type Mask,
  pointToIndex,
  type Vector3,
  type Volume,
} from '../imaging/volume.ts';
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
  const differences = geometryDifferences(image, mask, {
    ...(geometryTolerance === null ? {} : { tolerance: geometryTolerance }),
  });
  if (differences.length === 0) return undefined;
  if (!correctMask) {
    throw new NacreError('geometry-mismatch', 'the mask lies on another grid than the image', {
      found: differences.join('; '),
      expected: `image and mask the same within ${geometryTolerance ?? 1e-4} of a voxel`,
      todo: 'resample the mask onto the image (--resample-mask), or widen geometryTolerance if the difference is rounding',
    });
  }
  requireInside(image, mask);
  const moved = resampleMask(mask, image);
  if (boxOf(moved) === undefined) {
    throw new NacreError('empty-mask', 'the resampled mask is empty', {
      found: '0 voxels on the image grid',
      expected: 'a region that covers the centre of at least one voxel',
      todo: 'resample the image to a finer spacing, or check the mask',
    });
  }
  return moved;
}

/** PyRadiomics refuses a region whose box reaches out of the image by more than a thousandth of a voxel. */
function requireInside(image: Volume, mask: Mask): void {
  const box = boxOf(mask);
  if (box === undefined) return;
  const ends = [
    pointToIndex(image, indexToPoint(mask, shifted(box.low, -0.5))),
    pointToIndex(image, indexToPoint(mask, shifted(box.high, 0.5))),
  ];
  for (let axis = 0; axis < 3; axis++) {
    const low = Math.min(ends[0][axis], ends[1][axis]);
    const high = Math.max(ends[0][axis], ends[1][axis]);
    if (low >= -0.501 && high <= image.size[axis] - 0.499) continue;
    throw new NacreError('region-outside', 'the region reaches out of the image', {
      found: `${'ijk'[axis]} from ${low.toFixed(2)} to ${high.toFixed(2)} voxels`,
      expected: `-0.5 to ${image.size[axis] - 0.5}`,
      todo: 'check that mask and image belong together',
    });
  }
}

function shifted([i, j, k]: Vector3, by: number): Vector3 {
  return [i + by, j + by, k + by];
}

/**
 * Box of the region, once it is long and large enough (PyRadiomics `checkMask`).
 *
 * @throws NacreError `empty-mask`, `single-voxel`, `few-dimensions`, `small-region`
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
      throw new NacreError('small-region', 'the region is too small', {
        found: `${voxels} voxels`,
        expected: `more than ${minimumROISize} (minimumROISize)`,
        todo: 'lower minimumROISize, or leave the case out',
      });
    }
  }
  return box;
}
