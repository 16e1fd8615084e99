import { NacreError } from '../runtime/errors.ts';
import type { Geometry, Volume } from './volume.ts';
import { bytesPerVoxel, decodeVoxels, type VoxelType } from './voxel-types.ts';

/** What a header declares of its voxels. */
export interface RawVoxels {
  geometry: Geometry;
  type: VoxelType;
  littleEndian: boolean;
}

/** Bytes of all voxels. */
export function bytesOfVoxels({ geometry, type }: RawVoxels): number {
  const [nx, ny, nz] = geometry.size;
  return nx * ny * nz * bytesPerVoxel[type];
}

/**
 * A volume from its unpacked bytes.
 *
 * @param skip bytes before the first voxel; -1: the voxels are the last bytes
 * @param unshared as for `decodeVoxels`
 * @throws NacreError `truncated`, `voxel-range`
 */
export function rawVolume(
  header: RawVoxels,
  bytes: Uint8Array,
  skip: number,
  { file, unshared }: { file: string; unshared?: boolean | undefined },
): Volume {
  const { geometry, type, littleEndian } = header;
  const length = bytesOfVoxels(header);
  const start = skip === -1 ? bytes.length - length : skip;
  if (start < 0 || bytes.length < start + length) {
    throw new NacreError('truncated', 'the file ends before its last voxel', {
      file,
      found: `${bytes.length} bytes of voxels`,
      expected: `${length + Math.max(0, skip)} (${geometry.size.join('×')} ${type})`,
      todo: 'copy or export the file again',
    });
  }
  return {
    ...geometry,
    data: decodeVoxels(bytes.subarray(start, start + length), type, littleEndian, {
      file,
      unshared,
    }),
  };
}
