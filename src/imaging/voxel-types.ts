import { NacreError } from '../runtime/errors.ts';
import type { VoxelArray } from './volume.ts';

/** Types that a voxel can have in a file. */
export type VoxelType =
  | 'int8'
  | 'uint8'
  | 'int16'
  | 'uint16'
  | 'int32'
  | 'uint32'
  | 'int64'
  | 'uint64'
  | 'float32'
  | 'float64';

export const bytesPerVoxel: Readonly<Record<VoxelType, number>> = {
  int8: 1,
  uint8: 1,
  int16: 2,
  uint16: 2,
  int32: 4,
  uint32: 4,
  int64: 8,
  uint64: 8,
  float32: 4,
  float64: 8,
};

const arrays = {
  int8: Int8Array,
  uint8: Uint8Array,
  int16: Int16Array,
  uint16: Uint16Array,
  int32: Int32Array,
  uint32: Uint32Array,
  int64: BigInt64Array,
  uint64: BigUint64Array,
  float32: Float32Array,
  float64: Float64Array,
} as const;

/** The type that `decodeVoxels` makes such an array of. */
export function voxelTypeOf(data: VoxelArray): VoxelType {
  const types = Object.keys(arrays) as VoxelType[];
  return types.find((type) => data instanceof arrays[type]) as VoxelType;
}

/** Bytes that voxels may keep in memory beside themselves: a header. */
const mostBeside = 4096;

/** This machine's byte order; all that Node runs on today is little-endian, but the code does not depend on it. */
const littleEndianHere = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/**
 * Voxels out of raw bytes, in the machine's byte order. 64-bit integers become doubles where every one fits exactly.
 *
 * @param bytes exactly `count` voxels
 * @param unshared nobody else reads or writes these bytes, so that the voxels may stay where they are
 * @throws NacreError `voxel-range` for a 64-bit integer beyond ±2⁵³
 */
export function decodeVoxels(
  bytes: Uint8Array,
  type: VoxelType,
  littleEndian: boolean,
  { file, unshared = false }: { file: string; unshared?: boolean | undefined },
): VoxelArray {
  const width = bytesPerVoxel[type];
  const fits =
    bytes.byteOffset % width === 0 && bytes.buffer.byteLength <= bytes.length + mostBeside;
  // A copy is aligned, and does not share memory with a larger buffer.
  // (`slice` of a Buffer, which zlib returns, shares memory and copies nothing.)
  const plain = unshared && fits ? bytes : new Uint8Array(bytes);
  if (width > 1 && littleEndian !== littleEndianHere) swap(plain, width);
  const voxels = new arrays[type](
    plain.buffer as ArrayBuffer,
    plain.byteOffset,
    plain.length / width,
  );
  return voxels instanceof BigInt64Array || voxels instanceof BigUint64Array
    ? toDoubles(voxels, file)
    : voxels;
}

function swap(bytes: Uint8Array, width: number): void {
  for (let start = 0; start < bytes.length; start += width) {
    for (let low = start, high = start + width - 1; low < high; low++, high--) {
      const held = bytes[low];
      bytes[low] = bytes[high];
      bytes[high] = held;
    }
  }
}

function toDoubles(voxels: BigInt64Array | BigUint64Array, file: string): Float64Array {
  const limit = BigInt(Number.MAX_SAFE_INTEGER);
  const out = new Float64Array(voxels.length);
  for (let i = 0; i < voxels.length; i++) {
    const value = voxels[i];
    if (value > limit || value < -limit) {
      throw new NacreError('voxel-range', 'a 64-bit voxel is too large to be held exactly', {
        file,
        found: `${value} at voxel ${i}`,
        expected: 'values within ±2^53',
        todo: 'store the image as int32 or float64',
      });
    }
    out[i] = Number(value);
  }
  return out;
}
