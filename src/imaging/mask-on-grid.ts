import { NacreError } from '../runtime/errors.ts';
import { boxOf } from './crop.ts';
import { resampleMask } from './resample-mask.ts';
import { geometryDifferences, requireSameGeometry } from './same-geometry.ts';
import { indexToPoint, type Mask, pointToIndex, type Vector3, type Volume } from './volume.ts';

export interface MaskOnGridOptions {
  /** Resample a mask on another grid by nearest neighbour. Default false: it is refused. */
  resample?: boolean | undefined;
  /** As in `geometryDifferences`. Default 1e-4. */
  tolerance?: number | undefined;
  /** Name of the mask's file, for errors. */
  file?: string | undefined;
}

/**
 * The mask on the image's grid: itself where it lies there, else resampled by nearest neighbour where that is allowed and
 * the region lies inside the image (PyRadiomics `_correctMask`).
 *
 * @throws NacreError `geometry-mismatch` with the measured differences, `region-outside`, `empty-mask`
 */
export function maskOnGrid(image: Volume, mask: Mask, options: MaskOnGridOptions = {}): Mask {
  const { resample = false, tolerance, file } = options;
  if (geometryDifferences(image, mask, { tolerance }).length === 0) return mask;
  if (!resample) requireSameGeometry(image, mask, { tolerance, file });
  requireInside(image, mask);
  const moved = resampleMask(mask, image);
  if (boxOf(moved) === undefined) {
    throw new NacreError('empty-mask', 'the resampled mask is empty', {
      file,
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
