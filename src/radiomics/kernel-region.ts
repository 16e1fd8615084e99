import type { Kernel } from './classes/glcm-kernel.ts';
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
): (i: number, j: number, k: number) => Kernel {
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
  const { size, intensity, mask, levels, levelCount, binEdges, spacing, direction, origin } = whole;
  const [nx, ny] = size;
  const boxOf = kernelBoxes(whole, options);
  const counted = new Uint32Array(levelCount + 1);
  return (i, j, k) => {
    const [x0, y0, z0, x1, y1, z1] = boxOf(i, j, k);
    const [mx, my, mz] = [x1 - x0 + 1, y1 - y0 + 1, z1 - z0 + 1];
    const n = mx * my * mz;
    const part = {
      intensity: new Float64Array(n),
      mask: new Uint8Array(n),
      levels: new Int32Array(n),
    };
    let voxels = 0;
    let [lowest, highest] = [levelCount + 1, 0];
    for (let z = z0, to = 0; z <= z1; z++) {
      for (let y = y0; y <= y1; y++) {
        let from = x0 + nx * (y + ny * z);
        for (let x = x0; x <= x1; x++, from++, to++) {
          part.intensity[to] = intensity[from];
          if (mask[from] === 0) continue;
          const level = levels[from];
          part.mask[to] = 1;
          part.levels[to] = level;
          counted[level]++;
          if (level < lowest) lowest = level;
          if (level > highest) highest = level;
          voxels++;
        }
      }
    }
    const levelVoxels = new Float64Array(levelCount + 1);
    const present: number[] = [];
    for (let level = lowest; level <= highest; level++) {
      if (counted[level] === 0) continue;
      present.push(level);
      levelVoxels[level] = counted[level];
      counted[level] = 0;
    }
    return {
      size: [mx, my, mz],
      spacing,
      direction,
      origin,
      ...part,
      voxels,
      levelCount,
      binEdges,
      presentLevels: Int32Array.from(present),
      levelVoxels,
    };
  };
}
