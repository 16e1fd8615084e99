import { latin1Bytes } from '../runtime/byte-text.ts';
import { gzip } from '../runtime/packed-bytes.ts';
import { syntheticWord, type Volume } from './volume.ts';

const headerLength = 348;
/** Header and the four bytes that say that no extension follows. */
const voxelOffset = 352;

const syntheticDescription = `${syntheticWord}: made by code, no patient`;

export interface WriteNiftiOptions {
  /** Pack with gzip (`.nii.gz`). Default true. */
  gzip?: boolean;
  /**
   * Text of at most 79 Latin-1 characters in the header's `descrip`. Default empty: nothing of the patient is written; where
   * the voxels were made by code, a text that the reader recognises.
   */
  description?: string;
}

/**
 * A volume or mask as the bytes of a NIfTI-1 file, little-endian, in its own voxel type, with qform and sform
 * (code 1, scanner) in RAS+ millimetres.
 *
 * Same volume, same bytes: the gzip header carries no time.
 */
export function niftiBytes(volume: Volume, options: WriteNiftiOptions = {}): Uint8Array {
  const { gzip: packed = true, description = volume.synthetic ? syntheticDescription : '' } =
    options;
  const { data, size, spacing, origin, direction: d } = volume;
  const bytes = new Uint8Array(voxelOffset + data.byteLength);
  const header = new DataView(bytes.buffer);
  const [code, bits] = datatypeOf(data);
  header.setInt32(0, headerLength, true);
  [3, ...size, 1, 1, 1, 1].forEach((n, i) => {
    header.setInt16(40 + 2 * i, n, true);
  });
  header.setInt16(70, code, true);
  header.setInt16(72, bits, true);
  // LPS to RAS+: the rows x and y of the axes change sign.
  const axes = [
    [-d[0], -d[1], -d[2]],
    [-d[3], -d[4], -d[5]],
    [d[6], d[7], d[8]],
  ];
  const shift = [-origin[0], -origin[1], origin[2]];
  const { quaternion, factor } = quaternionOf(axes);
  [factor, ...spacing].forEach((value, i) => {
    header.setFloat32(76 + 4 * i, value, true);
  });
  header.setFloat32(108, voxelOffset, true);
  header.setFloat32(112, 1, true);
  header.setUint8(123, 2); // millimetres
  bytes.set(latin1Bytes(description).subarray(0, 79), 148);
  header.setInt16(252, 1, true);
  header.setInt16(254, 1, true);
  [...quaternion, ...shift].forEach((value, i) => {
    header.setFloat32(256 + 4 * i, value, true);
  });
  for (let row = 0; row < 3; row++) {
    for (let c = 0; c < 3; c++) {
      header.setFloat32(280 + 16 * row + 4 * c, axes[row][c] * spacing[c], true);
    }
    header.setFloat32(292 + 16 * row, shift[row], true);
  }
  bytes.set([0x6e, 0x2b, 0x31, 0], 344); // n+1
  bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), voxelOffset);
  return packed ? gzip(bytes) : bytes;
}

function datatypeOf(data: Volume['data']): [code: number, bits: number] {
  if (data instanceof Uint8Array) return [2, 8];
  if (data instanceof Int16Array) return [4, 16];
  if (data instanceof Int32Array) return [8, 32];
  if (data instanceof Float32Array) return [16, 32];
  if (data instanceof Float64Array) return [64, 64];
  if (data instanceof Int8Array) return [256, 8];
  if (data instanceof Uint16Array) return [512, 16];
  return [768, 32];
}

/** Quaternion (b, c, d) of a rotation, and -1 where the third axis is mirrored (nifti1.h, method 2). */
function quaternionOf(axes: number[][]): { quaternion: number[]; factor: number } {
  const [[a, b, c], [e, f, g], [h, i, j]] = axes;
  const mirrored = a * (f * j - g * i) - b * (e * j - g * h) + c * (e * i - f * h) < 0;
  const m = axes.map((row) => [row[0], row[1], mirrored ? -row[2] : row[2]]);
  const squares = [
    1 + m[0][0] + m[1][1] + m[2][2],
    1 + m[0][0] - m[1][1] - m[2][2],
    1 - m[0][0] + m[1][1] - m[2][2],
    1 - m[0][0] - m[1][1] + m[2][2],
  ];
  const largest = squares.indexOf(Math.max(...squares));
  const half = Math.sqrt(squares[largest]) / 2;
  const [xy, xz, yz] = [m[0][1] + m[1][0], m[0][2] + m[2][0], m[1][2] + m[2][1]];
  const turn = [m[2][1] - m[1][2], m[0][2] - m[2][0], m[1][0] - m[0][1]];
  const q = [
    [half, ...turn.map((t) => t / (4 * half))],
    [turn[0] / (4 * half), half, xy / (4 * half), xz / (4 * half)],
    [turn[1] / (4 * half), xy / (4 * half), half, yz / (4 * half)],
    [turn[2] / (4 * half), xz / (4 * half), yz / (4 * half), half],
  ][largest];
  const sign = q[0] < 0 ? -1 : 1;
  return { quaternion: q.slice(1).map((x) => sign * x), factor: mirrored ? -1 : 1 };
}
