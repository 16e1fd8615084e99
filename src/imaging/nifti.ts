import { NIFTI1, NIFTI2 } from 'nifti-reader-js';
import { NacreError } from '../runtime/errors.ts';
import { declaredSize } from './declared-size.ts';
import { geometryOfSteps } from './grid-axes.ts';
import { isGzip, unpackBeginning, unpackBounded } from './unpack.ts';
import type { Geometry, Vector3, Volume, VoxelArray } from './volume.ts';
import { bytesPerVoxel, decodeVoxels, type VoxelType } from './voxel-types.ts';

/** NIfTI datatype codes that hold one number a voxel. */
const voxelTypes: Readonly<Record<number, VoxelType>> = {
  2: 'uint8',
  4: 'int16',
  8: 'int32',
  16: 'float32',
  64: 'float64',
  256: 'int8',
  512: 'uint16',
  768: 'uint32',
  1024: 'int64',
  1280: 'uint64',
};

const otherTypes: Readonly<Record<number, string>> = {
  1: 'binary',
  32: 'complex64',
  128: 'RGB24',
  1536: 'float128',
  1792: 'complex128',
  2048: 'complex256',
  2304: 'RGBA32',
};

/** Extensions between header and voxels may hold this much beside what the header declares. */
const extensionAllowance = 2 ** 20;

type Header = NIFTI1 | NIFTI2;

/** True where the bytes (packed or not) begin like NIfTI-1 or -2, single file. */
export function isNifti(bytes: Uint8Array): boolean {
  if (bytes.length < 4) return false;
  const view = new DataView(bytes.buffer, bytes.byteOffset, 4);
  return [true, false].some((little) => [348, 540].includes(view.getInt32(0, little)));
}

/**
 * Reads a NIfTI-1 or NIfTI-2 volume, plain or gzip, either byte order.
 *
 * Orientation is the sform where it has a code and perpendicular axes, else the qform, else the voxel sizes alone;
 * NIfTI's RAS+ becomes LPS. Units other than millimetres are converted. `scl_slope` and `scl_inter` are applied
 * unless the slope is 0 (which means none); the voxels are then floating point.
 *
 * @param bytes the whole file
 * @param file its name, for errors
 * @throws NacreError `not-an-image`, `bad-header`, `unsupported-type`, `bad-size`, `four-dimensional`,
 *   `bad-geometry`, `truncated`, `bad-gzip`, `too-large`, `voxel-range`
 */
export function parseNifti(bytes: Uint8Array, file: string): Volume {
  const packed = isGzip(bytes);
  const beginning = packed ? unpackBeginning(bytes, file) : bytes;
  const header = readHeader(beginning, file);
  const type = typeOf(header, file);
  const axes = header.dims.slice(1, 1 + Math.max(0, Math.min(7, header.dims[0])));
  const size = declaredSize(axes, file);
  const start = header.vox_offset;
  const length = size[0] * size[1] * size[2] * bytesPerVoxel[type];
  const least = header instanceof NIFTI1 ? 348 : 540;
  if (!Number.isInteger(start) || start < least || start > least + 2 ** 26) {
    throw badHeader(file, `voxels at byte ${start}`, `an offset of at least ${least}`);
  }
  const whole = packed ? unpackBounded(bytes, start + length + extensionAllowance, file) : bytes;
  if (whole.length < start + length) {
    throw new NacreError('truncated', 'the file ends before its last voxel', {
      file,
      found: `${whole.length} bytes`,
      expected: `${start + length} bytes (${size.join('×')} ${type})`,
      todo: 'copy or export the file again',
    });
  }
  const stored = decodeVoxels(
    whole.subarray(start, start + length),
    type,
    header.littleEndian,
    file,
  );
  return { ...geometryOf(header, beginning, size, file), data: rescale(stored, header) };
}

/** The library gets the fixed header alone: its reader of extensions does not check their lengths. */
function readHeader(beginning: Uint8Array, file: string): Header {
  if (!isNifti(beginning)) {
    throw new NacreError('not-an-image', 'the file is not NIfTI', {
      file,
      found: `it begins with ${Buffer.from(beginning.subarray(0, 4)).toString('hex') || 'nothing'}`,
      expected: 'a NIfTI-1 or NIfTI-2 header',
    });
  }
  const view = new DataView(beginning.buffer, beginning.byteOffset, beginning.byteLength);
  const second = [true, false].some((little) => view.getInt32(0, little) === 540);
  const header = second ? new NIFTI2() : new NIFTI1();
  const length = second ? 540 : 348;
  if (beginning.length < length) {
    throw badHeader(file, `${beginning.length} bytes`, `a header of ${length} bytes`);
  }
  const alone = new Uint8Array(length + 4);
  alone.set(beginning.subarray(0, length));
  try {
    header.readHeader(alone.buffer);
  } catch (cause) {
    throw badHeader(file, (cause as Error).message, 'a NIfTI header', cause);
  }
  const magic = Buffer.from(alone.subarray(second ? 4 : 344, second ? 7 : 347)).toString('latin1');
  if (magic !== (second ? 'n+2' : 'n+1')) {
    throw badHeader(
      file,
      `magic ${JSON.stringify(magic)}`,
      'a single file ("n+1" or "n+2"); join a .hdr/.img pair into one .nii',
    );
  }
  return header;
}

function typeOf(header: Header, file: string): VoxelType {
  const type = voxelTypes[header.datatypeCode];
  if (type === undefined) {
    const name = otherTypes[header.datatypeCode] ?? 'unknown';
    throw new NacreError('unsupported-type', 'voxels of this type hold no single number', {
      file,
      found: `datatype ${header.datatypeCode} (${name})`,
      expected: Object.values(voxelTypes).join(', '),
      todo: 'convert the image to one of these',
    });
  }
  return type;
}

/** NIfTI counts in RAS+, nacre in LPS: x and y change sign. */
function geometryOf(header: Header, beginning: Uint8Array, size: Vector3, file: string): Geometry {
  const unit = [1, 1000, 1, 0.001][header.xyzt_units & 7] ?? 1;
  const candidates = [
    ...(header.sform_code > 0 ? [sform(header, beginning)] : []),
    ...(header.qform_code > 0 ? [qform(header)] : []),
    ...(header.sform_code > 0 || header.qform_code > 0 ? [] : [voxelSizes(header)]),
  ];
  let fault: unknown;
  for (const affine of candidates) {
    const column = (c: number): Vector3 => [
      -affine[0][c] * unit,
      -affine[1][c] * unit,
      affine[2][c] * unit,
    ];
    try {
      return geometryOfSteps(size, [column(0), column(1), column(2)], column(3), file);
    } catch (error) {
      fault ??= error;
    }
  }
  throw fault;
}

type Affine = readonly (readonly number[])[];

function sform(header: Header, beginning: Uint8Array): Affine {
  const view = new DataView(beginning.buffer, beginning.byteOffset, beginning.byteLength);
  const little = header.littleEndian;
  const at = (n: number) =>
    header instanceof NIFTI1
      ? view.getFloat32(280 + 4 * n, little)
      : view.getFloat64(400 + 8 * n, little);
  return [0, 4, 8].map((row) => [0, 1, 2, 3].map((c) => at(row + c)));
}

/** Rotation from the quaternion (nifti1.h, method 2). The library's own affine is NaN where rounding makes b² + c² + d² exceed 1. */
function qform(header: Header): Affine {
  const { quatern_b: b, quatern_c: c, quatern_d: d, pixDims } = header;
  const a = Math.sqrt(Math.max(0, 1 - b * b - c * c - d * d));
  const flip = pixDims[0] < 0 ? -1 : 1;
  const [sx, sy, sz] = [pixDims[1], pixDims[2], pixDims[3] * flip];
  return [
    [
      (a * a + b * b - c * c - d * d) * sx,
      2 * (b * c - a * d) * sy,
      2 * (b * d + a * c) * sz,
      header.qoffset_x,
    ],
    [
      2 * (b * c + a * d) * sx,
      (a * a + c * c - b * b - d * d) * sy,
      2 * (c * d - a * b) * sz,
      header.qoffset_y,
    ],
    [
      2 * (b * d - a * c) * sx,
      2 * (c * d + a * b) * sy,
      (a * a + d * d - c * c - b * b) * sz,
      header.qoffset_z,
    ],
  ];
}

function voxelSizes({ pixDims }: Header): Affine {
  return [
    [pixDims[1], 0, 0, 0],
    [0, pixDims[2], 0, 0],
    [0, 0, pixDims[3], 0],
  ];
}

function rescale(stored: VoxelArray, { scl_slope: slope, scl_inter: inter }: Header): VoxelArray {
  if (!Number.isFinite(slope) || slope === 0 || (slope === 1 && inter === 0)) return stored;
  const offset = Number.isFinite(inter) ? inter : 0;
  const narrow = stored.BYTES_PER_ELEMENT <= 2 || stored instanceof Float32Array;
  const out = narrow ? new Float32Array(stored.length) : new Float64Array(stored.length);
  for (let i = 0; i < stored.length; i++) out[i] = stored[i] * slope + offset;
  return out;
}

function badHeader(file: string, found: string, expected: string, cause?: unknown): NacreError {
  return new NacreError('bad-header', 'the NIfTI header is damaged', {
    file,
    found,
    expected,
    todo: 'copy or export the file again',
    cause,
  });
}
