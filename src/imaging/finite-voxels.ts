import { NacreError } from '../runtime/errors.ts';
import { eachRun } from './equal-runs.ts';
import type { Mask, Volume, VoxelArray } from './volume.ts';

/** Counts of voxels that are not numbers, in the whole image and in the region. */
export interface NonFinite {
  nan: number;
  infinite: number;
  nanInside: number;
  infiniteInside: number;
}

/** Counts NaN and infinite voxels; integers have none and are not looked through. */
export function countNonFinite(data: VoxelArray, mask?: Mask): NonFinite {
  const found = { nan: 0, infinite: 0, nanInside: 0, infiniteInside: 0 };
  if (!(data instanceof Float32Array || data instanceof Float64Array)) return found;
  for (let i = 0; i < data.length; i++) {
    const x = data[i];
    if (x - x === 0) continue;
    const inside = mask !== undefined && mask.data[i] !== 0;
    if (Number.isNaN(x)) {
      found.nan++;
      if (inside) found.nanInside++;
    } else {
      found.infinite++;
      if (inside) found.infiniteInside++;
    }
  }
  return found;
}

/**
 * Refuses an image with voxels that are not numbers, before steps that would spread them: recursive filters, scales taken
 * from the whole image.
 *
 * @throws NacreError `non-finite`, with the counts
 */
export function requireFinite(
  data: VoxelArray,
  where: { mask?: Mask; file?: string; patient?: string } = {},
): void {
  const { nan, infinite, nanInside, infiniteInside } = countNonFinite(data, where.mask);
  if (nan + infinite === 0) return;
  const inside =
    where.mask === undefined ? '' : `, of these ${nanInside + infiniteInside} in the region`;
  throw new NacreError('non-finite', 'the image holds voxels that are not numbers', {
    file: where.file,
    patient: where.patient,
    found: `${nan} NaN and ${infinite} infinite voxels${inside}`,
    expected: 'finite intensities',
    todo: 'replace them, for example by the value of air, and report it',
  });
}

/**
 * Refuses a region with voxels that are not numbers. Non-finite voxels outside the mask are allowed: nothing that is
 * measured in the region reads them.
 *
 * @throws NacreError `non-finite`, with the counts
 */
export function requireFiniteRegion({ data }: Volume, mask: Mask): void {
  if (isFiniteInside(data, mask)) return;
  const { nan, infinite, nanInside, infiniteInside } = countNonFinite(data, mask);
  throw new NacreError('non-finite', 'the region holds voxels that are not numbers', {
    found: `${nanInside} NaN and ${infiniteInside} infinite voxels (${nan + infinite} in the whole image)`,
    expected: 'finite intensities in the mask',
    todo: 'fix the image, redraw the mask, or leave them out by resegmentRange',
  });
}

function isFiniteInside(data: VoxelArray, mask: Mask): boolean {
  if (!(data instanceof Float32Array || data instanceof Float64Array)) return true;
  const inside = mask.data;
  let finite = true;
  eachRun(inside, (start, end) => {
    if (inside[start] !== 0) {
      for (let i = start; i < end && finite; i++) finite = data[i] - data[i] === 0;
    }
    return finite;
  });
  return finite;
}
