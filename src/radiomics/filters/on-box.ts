import { type Box, geometryOfBox } from '../../imaging/crop.ts';
import type { Volume, VoxelArray } from '../../imaging/volume.ts';

/** Voxels of a box as a volume in its place. */
export function onBox(volume: Volume, within: Box, data: VoxelArray): Volume {
  return { ...geometryOfBox(volume, within), data };
}
