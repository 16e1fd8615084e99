import { type Box, sizeOfBox } from '../../imaging/crop.ts';
import { indexToPoint, type Volume, type VoxelArray } from '../../imaging/volume.ts';

/** Voxels of a box as a volume in its place. */
export function onBox(volume: Volume, within: Box, data: VoxelArray): Volume {
  return {
    size: sizeOfBox(within),
    spacing: volume.spacing,
    direction: volume.direction,
    origin: indexToPoint(volume, within.low),
    data,
  };
}
