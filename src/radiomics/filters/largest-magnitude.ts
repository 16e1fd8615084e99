import type { VoxelArray } from '../../imaging/volume.ts';
import { NacreError } from '../../runtime/errors.ts';

/**
 * max |x| of an image, on which PyRadiomics rescales its intensity filters.
 *
 * @throws NacreError `flat-image` where every voxel is 0 (the scale would be 0 / 0)
 */
export function largestMagnitude(data: VoxelArray, filter: string): number {
  let largest = 0;
  for (let i = 0; i < data.length; i++) {
    const magnitude = Math.abs(data[i]);
    if (magnitude > largest) largest = magnitude;
  }
  if (largest > 0) return largest;
  throw new NacreError('flat-image', `an image of zeros has no ${filter}`, {
    found: 'max |x| = 0',
    expected: 'an image with values other than 0',
  });
}
