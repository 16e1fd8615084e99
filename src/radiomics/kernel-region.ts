import { type Extent, regionCutter } from './cut-region.ts';
import type { DiscretisedRegion } from './region-of-interest.ts';

export interface KernelOptions {
  /** Voxels to each side. */
  radius: number;
  /** Axis along which the kernel is one voxel thick; undefined: a cube. */
  flatAxis?: number | undefined;
}

/** Boxes of the kernels: a cube around a voxel, cut at the region's box. Each call fills the same array. */
export function kernelBoxes(
  { size }: Pick<DiscretisedRegion, 'size'>,
  { radius, flatAxis }: KernelOptions,
): (i: number, j: number, k: number) => Extent {
  const reach = [0, 1, 2].map((axis) => (axis === flatAxis ? 0 : radius));
  const box: [number, number, number, number, number, number] = [0, 0, 0, 0, 0, 0];
  return (i, j, k) => {
    box[0] = Math.max(0, i - reach[0]);
    box[1] = Math.max(0, j - reach[1]);
    box[2] = Math.max(0, k - reach[2]);
    box[3] = Math.min(size[0] - 1, i + reach[0]);
    box[4] = Math.min(size[1] - 1, j + reach[1]);
    box[5] = Math.min(size[2] - 1, k + reach[2]);
    return box;
  };
}

/**
 * The part of a region in a cube around a voxel, cut at the region's box, with the levels of the whole.
 *
 * @returns a function of the voxel's indices; the region that it gives is new each time
 */
export function kernelRegions(
  whole: DiscretisedRegion,
  options: KernelOptions,
): (i: number, j: number, k: number) => DiscretisedRegion {
  const boxOf = kernelBoxes(whole, options);
  const cut = regionCutter(whole);
  return (i, j, k) => cut(boxOf(i, j, k));
}
