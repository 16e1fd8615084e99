import { indexToPoint, markOf } from '../imaging/volume.ts';
import type { DiscretisedRegion } from './region-of-interest.ts';

/** Lowest and highest indices of a box along i, j, k: both corners belong to it. */
export type Extent = readonly [number, number, number, number, number, number];

/**
 * The parts of a region in boxes. Levels keep their numbers; a part may have no voxel.
 *
 * @returns a function of the box, which lies within the region's; the part that it gives is new each time
 */
export function regionCutter(whole: DiscretisedRegion): (box: Extent) => DiscretisedRegion {
  const { size, intensity, mask, levels, levelCount, binEdges, spacing, direction } = whole;
  const [nx, ny] = size;
  const counted = new Uint32Array(levelCount + 1);
  return ([x0, y0, z0, x1, y1, z1]) => {
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
      origin: indexToPoint(whole, [x0, y0, z0]),
      ...markOf(whole),
      ...part,
      voxels,
      levelCount,
      binEdges,
      presentLevels: Int32Array.from(present),
      levelVoxels,
    };
  };
}
