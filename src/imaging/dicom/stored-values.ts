import type { NoteAssumption } from '../../runtime/assumptions.ts';
import { NacreError } from '../../runtime/errors.ts';
import type { VoxelArray } from '../volume.ts';
import { type Codestream, jpeg2000Size, jpegSize } from './codecs/codestream.ts';
import { type FrameDecoder, jpeg2000Decoder, jpegLsDecoder } from './codecs/cornerstone.ts';
import { jpegLosslessDecoder } from './codecs/jpeg-lossless.ts';
import { decodeRle } from './codecs/rle.ts';
import type { DicomDataSet } from './data-set.ts';
import { type PixelElement, packedFrames, pixelElement, plainPixels } from './frames.ts';
import type { PixelEncoding } from './header.ts';

/** A frame as it lies in the file, row by row: the stored bits of a pixel may have others above and below them. */
export interface StoredFrame {
  raw: VoxelArray;
  /** How the stored bits are cut out; undefined where a pixel has no others. */
  bits?: { up: number; down: number; signed: boolean } | undefined;
}

/** Gives a frame by its 0-based number. */
export type FrameReader = (index: number) => StoredFrame;

/**
 * Prepares to read the frames of a file one by one. Codecs are loaded where a file needs them. The size
 * in a packed frame must equal that of the header; this is checked before decoding.
 *
 * @throws NacreError `no-pixels`, `truncated`, `pixel-length`, `frame-count`; the reader throws `bad-pixels`
 */
export async function frameReader(
  set: DicomDataSet,
  pixels: PixelEncoding,
  note?: NoteAssumption,
): Promise<FrameReader> {
  const found = pixelElement(set);
  const samples = pixels.rows * pixels.columns * pixels.samplesPerPixel;
  const { codec, littleEndian } = set.syntax;
  if (codec === 'none') {
    const plain = plainPixels(set, found, pixels, note);
    const length = (samples * pixels.bitsAllocated) / 8;
    return (index) =>
      storedFrame(
        plain.subarray(index * length, (index + 1) * length),
        pixels,
        found,
        littleEndian,
      );
  }
  const frames = packedFrames(set, found, pixels);
  const decode = await decoderFor(set, pixels);
  return (index) => storedFrame(decode(frames[index]), pixels, found, true);
}

/** Unpacks a frame to as many bytes as its pixels take. */
async function decoderFor(set: DicomDataSet, pixels: PixelEncoding): Promise<FrameDecoder> {
  const { rows, columns, samplesPerPixel, bitsAllocated } = pixels;
  const samples = rows * columns * samplesPerPixel;
  const bytesEach = bitsAllocated / 8;
  const { codec, name } = set.syntax;
  const unpack = await loadedCodec(codec, samples, bytesEach);
  const sizeOf = codec === 'jpeg-2000' ? jpeg2000Size : codec === 'rle' ? undefined : jpegSize;
  return (packed) => {
    if (sizeOf !== undefined) requireSize(sizeOf(packed), pixels, set.file, name);
    let decoded: Uint8Array;
    try {
      decoded = unpack(packed);
    } catch (cause) {
      throw badPixels(set.file, name, 'a frame that cannot be unpacked', cause);
    }
    if (decoded.length === samples * bytesEach) return decoded;
    // A codec gives bytes for samples of 8 bits or fewer, also where the file has room for 16.
    if (decoded.length === samples && bytesEach === 2) {
      const wide = new Uint16Array(samples);
      wide.set(decoded);
      return new Uint8Array(wide.buffer);
    }
    throw badPixels(set.file, name, `${decoded.length} bytes in a frame`);
  };
}

async function loadedCodec(
  codec: DicomDataSet['syntax']['codec'],
  samples: number,
  bytesEach: number,
): Promise<FrameDecoder> {
  if (codec === 'jpeg-2000') return jpeg2000Decoder();
  if (codec === 'jpeg-ls') return jpegLsDecoder();
  if (codec === 'jpeg-lossless') return jpegLosslessDecoder();
  return (packed) => decodeRle(packed, samples, bytesEach);
}

function requireSize(
  size: Codestream | undefined,
  { rows, columns, samplesPerPixel, bitsAllocated, bitsStored }: PixelEncoding,
  file: string,
  name: string,
): void {
  if (size === undefined) throw badPixels(file, name, 'a frame without a size');
  const same =
    size.rows === rows &&
    size.columns === columns &&
    size.components === samplesPerPixel &&
    size.bits <= bitsAllocated &&
    size.bits >= Math.min(bitsStored, bitsAllocated);
  if (same && (size.shift ?? 0) === 0) return;
  const shifted = (size.shift ?? 0) > 0 ? `, ${size.shift} low bits left out` : '';
  throw badPixels(
    file,
    name,
    `a frame of ${size.columns}×${size.rows} pixels, ${size.components} components of ${size.bits} bits${shifted}`,
    undefined,
    `${columns}×${rows} pixels, ${samplesPerPixel} of ${bitsStored} bits`,
  );
}

function badPixels(
  file: string,
  name: string,
  found: string,
  cause?: unknown,
  expected = 'whole frames of the size in the header',
): NacreError {
  return new NacreError('bad-pixels', `the packed pixels are damaged (${name})`, {
    file,
    found,
    expected,
    todo: 'copy or export the file again',
    cause,
  });
}

/** Bytes of a frame as numbers. */
function storedFrame(
  bytes: Uint8Array,
  { bitsAllocated, bitsStored, highBit, signed }: PixelEncoding,
  { form, words }: PixelElement,
  littleEndian: boolean,
): StoredFrame {
  const width = bitsAllocated / 8;
  // Eight-bit pixels in 16-bit words are swapped in pairs as the words are.
  const ordered = littleEndian ? bytes : swapped(bytes, width === 1 && words ? 2 : width);
  const aligned = ordered.byteOffset % width === 0 ? ordered : ordered.slice();
  const { byteOffset } = aligned;
  const buffer = aligned.buffer as ArrayBuffer;
  const length = aligned.length / width;
  if (form === 'float') return { raw: new Float32Array(buffer, byteOffset, length) };
  if (form === 'double') return { raw: new Float64Array(buffer, byteOffset, length) };
  const whole = bitsStored === bitsAllocated;
  const arrays = whole && signed ? signedArrays : unsignedArrays;
  const raw = new arrays[width as keyof typeof arrays](buffer, byteOffset, length);
  if (whole) return { raw };
  // Shifting the stored bits to the top of 32 and back removes what is above and below, and extends the sign.
  return { raw, bits: { up: 31 - highBit, down: 32 - bitsStored, signed } };
}

/** By bytes for each pixel. */
const unsignedArrays = { 1: Uint8Array, 2: Uint16Array, 4: Uint32Array } as const;
const signedArrays = { 1: Int8Array, 2: Int16Array, 4: Int32Array } as const;

/** The stored values of a frame, in an array of their own where bits had to be cut out. */
export function storedValues({ raw, bits }: StoredFrame): VoxelArray {
  if (bits === undefined) return raw;
  const out = bits.signed ? new Int32Array(raw.length) : new Uint32Array(raw.length);
  rescaleInto(out, 0, { raw, bits }, { slope: 1, intercept: 0 });
  return out;
}

/**
 * `out[start + i] = stored[i] · slope + intercept`. For an array of single precision the slope and the intercept are
 * rounded to it first: this gives the published NIfTI of `sts` to the last bit.
 */
export function rescaleInto(
  out: VoxelArray,
  start: number,
  { raw, bits }: StoredFrame,
  { slope, intercept }: { slope: number; intercept: number },
): void {
  const single = out instanceof Float32Array;
  const times = single ? Math.fround(slope) : slope;
  const plus = single ? Math.fround(intercept) : intercept;
  if (bits === undefined) {
    if (slope === 1 && intercept === 0) out.set(raw, start);
    else for (let i = 0; i < raw.length; i++) out[start + i] = raw[i] * times + plus;
    return;
  }
  const { up, down, signed } = bits;
  // Without a slope, whole numbers stay in integer registers.
  const small =
    slope === 1 && Number.isInteger(intercept) && Math.abs(intercept) < 2 ** 30 && down > 1;
  if (small) {
    const add = intercept | 0;
    if (signed)
      for (let i = 0; i < raw.length; i++) out[start + i] = ((raw[i] << up) >> down) + add;
    else for (let i = 0; i < raw.length; i++) out[start + i] = ((raw[i] << up) >>> down) + add;
  } else if (signed) {
    for (let i = 0; i < raw.length; i++) out[start + i] = ((raw[i] << up) >> down) * times + plus;
  } else {
    for (let i = 0; i < raw.length; i++) out[start + i] = ((raw[i] << up) >>> down) * times + plus;
  }
}

function swapped(bytes: Uint8Array, width: number): Uint8Array {
  if (width === 1) return bytes;
  const out = new Uint8Array(bytes.length);
  for (let i = 0; i + width <= bytes.length; i += width) {
    for (let b = 0; b < width; b++) out[i + b] = bytes[i + width - 1 - b];
  }
  return out;
}
