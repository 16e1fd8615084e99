import { NIFTI1, NIFTI2 } from 'nifti-reader-js';
import type { NoteAssumption } from '../runtime/assumptions.ts';
import { hexText, latin1Text } from '../runtime/byte-text.ts';
import { NacreError } from '../runtime/errors.ts';
import { declaredSize } from './declared-size.ts';
import { niftiGeometry } from './nifti-geometry.ts';
import { analyzeGeometry, voxelsOfPair, withoutNifti } from './nifti-pair.ts';
import { isGzip, unpackBeginning, unpackBounded } from './unpack.ts';
import { syntheticWord, type Volume, type VoxelArray } from './volume.ts';
import { bytesPerVoxel, decodeVoxels, type VoxelType } from './voxel-types.ts';

/** NIfTI datatype codes that hold one number per voxel. */
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

/** Largest number of bytes of extensions between header and voxels. */
const extensionAllowance = 2 ** 20;

/** This many bytes after the last voxel are accepted as padding. */
const largestPadding = 512;

type Header = NIFTI1 | NIFTI2;

/** Voxels behind the header, or in a file of their own. */
type Form = 'single' | 'pair' | 'analyze';

/** True where the bytes (packed or not) begin like NIfTI-1 or -2, or like the header of ANALYZE 7.5, which NIfTI-1 grew from. */
export function isNifti(bytes: Uint8Array): boolean {
  if (bytes.length < 4) return false;
  const view = new DataView(bytes.buffer, bytes.byteOffset, 4);
  return [true, false].some((little) => [348, 540].includes(view.getInt32(0, little)));
}

/**
 * Reads a NIfTI-1 or NIfTI-2 volume, plain or gzip, either byte order, in one file or as a pair (.hdr, .img); ANALYZE 7.5 pairs too,
 * whose orientation is not reliable: they are taken as LPS, as ITK does, and that is noted.
 *
 * Orientation is that of `niftiGeometry`. Units other than millimetres are converted. `scl_slope` and `scl_inter` are applied
 * unless the slope is 0 (which means none); the voxels are then floating point. Missing and contradictory
 * fields of a header are noted.
 *
 * @param bytes the whole file
 * @param file its name, for errors
 * @param readBeside gives the voxel file of a pair, by the header's name with the ending .img
 * @param beginning the unpacked header and what follows it, where the caller has it
 * @throws NacreError `detached`, `not-an-image`, `bad-header`, `unsupported-type`, `bad-size`, `four-dimensional`,
 *   `bad-geometry`, `truncated`, `bad-gzip`, `too-large`, `voxel-range`
 */
export function parseNifti(
  bytes: Uint8Array,
  file: string,
  note: NoteAssumption = () => {},
  readBeside?: (name: string) => Uint8Array,
  beginning: Uint8Array = isGzip(bytes) ? unpackBeginning(bytes, file) : bytes,
): Volume {
  const { header, form } = readHeader(beginning, file);
  if (form === 'analyze') withoutNifti(header, file, note);
  const voxels = form === 'single' ? bytes : voxelsOfPair(file, readBeside);
  const packed = isGzip(voxels);
  const type = typeOf(header, file);
  requireBits(header, type, file, note);
  const axes = header.dims.slice(1, 1 + dimensionsOf(header, file));
  const size = declaredSize(axes, file);
  const start = header.vox_offset;
  const length = size[0] * size[1] * size[2] * bytesPerVoxel[type];
  // The four bytes after the header say whether extensions follow: they belong to no voxel.
  const least = form !== 'single' ? 0 : header instanceof NIFTI1 ? 352 : 544;
  if (!Number.isInteger(start) || start < least || start > least + 2 ** 26) {
    throw badHeader(file, `voxels at byte ${start}`, `an offset of at least ${least}`);
  }
  const whole = packed ? unpackBounded(voxels, start + length + extensionAllowance, file) : voxels;
  if (whole.length < start + length) {
    throw new NacreError('truncated', 'the file ends before its last voxel', {
      file,
      found: `${whole.length} bytes`,
      expected: `${start + length} bytes (${size.join('×')} ${type})`,
      todo: 'copy or export the file again',
    });
  }
  const stored = decodeVoxels(whole.subarray(start, start + length), type, header.littleEndian, {
    file,
    unshared: packed,
  });
  const beyond = whole.length - start - length;
  if (beyond >= largestPadding) {
    note({
      kind: 'bytes-left',
      level: 'warning',
      file,
      found: `${beyond} bytes after the last voxel of ${size.join('×')} (dim[0] is ${header.dims[0]})`,
      taken: 'the voxels that the header declares',
      why: 'the file may hold further volumes, or its header may declare a wrong size',
    });
  }
  const geometry =
    form === 'analyze'
      ? analyzeGeometry(header, size, file)
      : niftiGeometry(header, affineIn(header, beginning), size, file, note);
  const mark = header.description?.startsWith(syntheticWord) ? { synthetic: true as const } : {};
  return { ...geometry, ...mark, data: rescale(stored, header, file, note) };
}

/** Number of dimensions. @throws NacreError `bad-size` where the header's is none */
function dimensionsOf({ dims }: Header, file: string): number {
  if (Number.isInteger(dims[0]) && dims[0] >= 1 && dims[0] <= 7) return dims[0];
  throw new NacreError('bad-size', 'the header declares an impossible number of dimensions', {
    file,
    found: `dim[0] = ${dims[0]}`,
    expected: '1 to 7, 3 for a volume',
    todo: 'check that the file is whole, or correct its header',
  });
}

/** The library gets the fixed header alone: its reader of extensions does not check their lengths. */
function readHeader(beginning: Uint8Array, file: string): { header: Header; form: Form } {
  if (!isNifti(beginning)) {
    throw new NacreError('not-an-image', 'the file is not NIfTI', {
      file,
      found: `it begins with ${hexText(beginning.subarray(0, 4)) || 'nothing'}`,
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
  const magic = latin1Text(alone.subarray(second ? 4 : 344, second ? 7 : 347));
  const number = second ? '2' : '1';
  if (magic === `n+${number}`) return { header, form: 'single' };
  if (magic === `ni${number}`) return { header, form: 'pair' };
  // ANALYZE 7.5 has no magic; its headers are distinguished from damaged ones by their name.
  if (!second && /\.hdr(\.gz)?$/i.test(file)) return { header, form: 'analyze' };
  throw badHeader(file, `magic ${JSON.stringify(magic)}`, `n+${number}, or ni${number} for a pair`);
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

/** The type decides how voxels are read; a header whose two fields disagree on it is damaged. */
function requireBits(header: Header, type: VoxelType, file: string, note: NoteAssumption): void {
  const bits = 8 * bytesPerVoxel[type];
  if (header.numBitsPerVoxel === bits) return;
  if (header.numBitsPerVoxel !== 0) {
    throw badHeader(file, `datatype ${type} of ${header.numBitsPerVoxel} bits`, `${bits} bits`);
  }
  note({
    kind: 'header-field-missing',
    file,
    found: 'no bits per voxel (bitpix 0)',
    taken: `${bits}, of the datatype ${type}`,
    why: 'the datatype alone defines the size of a voxel',
  });
}

/** The library's own sform lies in two fields; the bytes are the same for both versions but for their place. */
function affineIn(header: Header, beginning: Uint8Array): (n: number) => number {
  const view = new DataView(beginning.buffer, beginning.byteOffset, beginning.byteLength);
  const little = header.littleEndian;
  return (n) =>
    header instanceof NIFTI1
      ? view.getFloat32(280 + 4 * n, little)
      : view.getFloat64(400 + 8 * n, little);
}

/**
 * Slope and intercept as NIfTI defines them: a slope of 0 means that values are not scaled.
 *
 * @throws NacreError `voxel-range` where finite voxels become infinite
 */
function rescale(
  stored: VoxelArray,
  { scl_slope: slope, scl_inter: inter }: Header,
  file: string,
  note: NoteAssumption,
): VoxelArray {
  const none = !Number.isFinite(slope) || slope === 0;
  const strange = none
    ? Number.isNaN(slope) || !Number.isFinite(slope) || (inter !== 0 && Number.isFinite(inter))
    : !Number.isFinite(inter);
  if (strange) {
    note({
      kind: 'rescaling-unclear',
      // nibabel writes NaN for none.
      level: none && !(inter !== 0 && Number.isFinite(inter)) ? 'note' : 'warning',
      file,
      found: `scl_slope ${slope}, scl_inter ${inter}`,
      taken: none ? 'voxels as they are stored' : `slope ${slope} without intercept`,
      why: 'NIfTI rescales where the slope is a number other than 0; write the header again if this is wrong',
    });
  }
  if (none || (slope === 1 && inter === 0)) return stored;
  const offset = Number.isFinite(inter) ? inter : 0;
  const narrow = stored.BYTES_PER_ELEMENT <= 2 || stored instanceof Float32Array;
  const out = narrow ? new Float32Array(stored.length) : new Float64Array(stored.length);
  for (let i = 0; i < stored.length; i++) {
    out[i] = stored[i] * slope + offset;
    if (out[i] - out[i] === 0 || stored[i] - stored[i] !== 0) continue;
    throw new NacreError('voxel-range', 'rescaling makes a voxel infinite', {
      file,
      found: `${stored[i]} times slope ${slope} plus ${offset}`,
      expected: 'intensities that the type can hold',
      todo: 'check scl_slope and scl_inter of the header',
    });
  }
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
