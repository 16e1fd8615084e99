import type { Element } from 'dicom-parser';
import type { NoteAssumption } from '../../runtime/assumptions.ts';
import { NacreError } from '../../runtime/errors.ts';
import type { DicomDataSet } from './data-set.ts';
import type { PixelEncoding } from './header.ts';

/** The pixels of a file as they lie in it. */
export interface PixelElement {
  /** `OW`, `OB`, or `float`, `double` for images of floating point numbers. */
  form: 'integer' | 'float' | 'double';
  /** True where the value is a sequence of 16-bit words (OW), which matters in big endian. */
  words: boolean;
  element: Element;
}

/** Finds the pixels. @throws NacreError `no-pixels` */
export function pixelElement({ attributes, syntax, file }: DicomDataSet): PixelElement {
  for (const [keyword, form] of [
    ['pixels', 'integer'],
    ['floatPixels', 'float'],
    ['doublePixels', 'double'],
  ] as const) {
    const element = attributes.element(keyword);
    if (element === undefined) continue;
    return { form, words: element.vr === 'OW' || !syntax.explicit, element };
  }
  throw new NacreError('no-pixels', 'the file holds no pixels', {
    file,
    expected: 'Pixel Data (7FE0,0010)',
    todo: 'copy or export the file again',
  });
}

/** Bits that the pixels of one frame take in the file. */
function frameBits({ rows, columns, samplesPerPixel, bitsAllocated }: PixelEncoding): number {
  return rows * columns * samplesPerPixel * bitsAllocated;
}

/**
 * The bytes of unpacked frames, whose number and size must equal those of the header.
 *
 * @throws NacreError `truncated`, `pixel-length`
 */
export function plainPixels(
  set: DicomDataSet,
  { element }: PixelElement,
  pixels: PixelEncoding,
  note?: NoteAssumption,
): Uint8Array {
  const { bytes, file } = set;
  const expected = Math.ceil((frameBits(pixels) * pixels.frames) / 8);
  const found = bytes.subarray(element.dataOffset, element.dataOffset + element.length);
  const size = `${pixels.columns}×${pixels.rows} pixels of ${pixels.bitsAllocated} bits, ${pixels.frames} ${pixels.frames === 1 ? 'frame' : 'frames'}`;
  if (element.fragments !== undefined || found.length < expected) {
    throw new NacreError('truncated', 'the file holds fewer pixels than its header declares', {
      file,
      found: element.fragments === undefined ? `${found.length} bytes` : 'packed pixels',
      expected: `${expected} bytes (${size})`,
      todo: 'copy or export the file again',
    });
  }
  const rest = found.subarray(expected);
  if (rest.length <= 1) return found.subarray(0, expected);
  if (rest.length >= frameBits(pixels) / 8 || rest.some((byte) => byte !== 0)) {
    throw new NacreError('pixel-length', 'the file holds more pixels than its header declares', {
      file,
      found: `${found.length} bytes`,
      expected: `${expected} bytes (${size})`,
      todo: 'export the file again',
    });
  }
  note?.({
    kind: 'dicom-pixel-padding-bytes',
    file,
    found: `${rest.length} zero bytes behind the last pixel`,
    taken: 'the pixels before them',
    why: 'a writer filled up the file',
  });
  return found.subarray(0, expected);
}

/**
 * The bytes of each packed frame. Where there are more fragments than frames, the offset table or the beginnings of the
 * code streams say which belong together.
 *
 * @throws NacreError `frame-count`, `truncated`
 */
export function packedFrames(
  set: DicomDataSet,
  { element }: PixelElement,
  { frames }: PixelEncoding,
): Uint8Array[] {
  const { bytes, file } = set;
  const fragments = element.fragments;
  if (fragments === undefined) {
    throw new NacreError('bad-dicom', 'the pixels are not packed as the transfer syntax requires', {
      file,
      found: 'pixels without fragments',
      expected: set.syntax.name,
      todo: 'export the file again',
    });
  }
  const pieces = fragments.map(({ position, length }) => {
    if (position + length > bytes.length) {
      throw new NacreError('truncated', 'the file ends before its last pixel', {
        file,
        expected: 'whole fragments of pixels',
        todo: 'copy or export the file again',
      });
    }
    return bytes.subarray(position, position + length);
  });
  const starts = frameStarts(set, element, pieces, frames);
  if (starts === undefined) {
    throw new NacreError(
      'frame-count',
      'the file holds another number of frames than it declares',
      {
        file,
        found: `${pieces.length} fragments`,
        expected: `${frames} ${frames === 1 ? 'frame' : 'frames'}`,
        todo: 'copy or export the file again',
      },
    );
  }
  return starts.map((start, i) => joined(pieces.slice(start, starts[i + 1])));
}

/** Number of the first fragment of each frame. */
function frameStarts(
  { attributes }: DicomDataSet,
  { fragments = [], basicOffsetTable = [] }: Element,
  pieces: readonly Uint8Array[],
  frames: number,
): number[] | undefined {
  if (pieces.length < frames) return undefined;
  if (frames === 1) return [0];
  if (pieces.length === frames) return pieces.map((_, i) => i);
  const long = attributes.unsignedList('extendedOffsets', 4).filter((_, i) => i % 2 === 0);
  for (const offsets of [basicOffsetTable, long]) {
    if (offsets.length !== frames) continue;
    const starts = offsets.map((offset) => fragments.findIndex((one) => one.offset === offset));
    if (starts[0] === 0 && starts.every((at, i) => i === 0 || at > starts[i - 1])) return starts;
  }
  const starts = pieces.flatMap((piece, i) => (beginsCodestream(piece) ? [i] : []));
  return starts.length === frames && starts[0] === 0 ? starts : undefined;
}

/** JPEG and JPEG-LS begin with FFD8 FF, JPEG 2000 with FF4F FF51. */
function beginsCodestream(piece: Uint8Array): boolean {
  if (piece[0] !== 0xff || piece[2] !== 0xff) return false;
  return piece[1] === 0xd8 || (piece[1] === 0x4f && piece[3] === 0x51);
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  if (pieces.length === 1) return pieces[0];
  const out = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    out.set(piece, at);
    at += piece.length;
  }
  return out;
}
