import { NacreError } from '../../runtime/errors.ts';
import type { VoxelArray } from '../volume.ts';
import type { DicomDataSet } from './data-set.ts';
import { pixelElement, plainPixels } from './frames.ts';
import type { DicomHeader, PixelEncoding } from './header.ts';
import { frameReader, storedValues } from './stored-values.ts';

/** The frames of a segmentation. */
export interface SegmentationFrames {
  type: 'BINARY' | 'FRACTIONAL' | 'LABELMAP';
  /** Stored value of a voxel that is wholly inside; 1 for BINARY and LABELMAP. */
  most: number;
  /** Stored values of a frame by its 0-based number. */
  frame: (index: number) => VoxelArray;
}

/** @throws NacreError `unsupported-type`, `no-pixels` and those of `frameReader` */
export async function segmentationFrames(
  set: DicomDataSet,
  { pixels, sopClass, file }: DicomHeader,
): Promise<SegmentationFrames> {
  if (pixels === undefined) {
    throw new NacreError('no-pixels', 'the segmentation holds no frames', {
      file,
      todo: 'export the segmentation again',
    });
  }
  const { attributes: a } = set;
  // A label map has a class of its own; some writers leave its type out.
  const stated = a.text('segmentationType') ?? (sopClass.endsWith('.66.7') ? 'LABELMAP' : '');
  const { bitsAllocated, samplesPerPixel } = pixels;
  const bits = stated === 'BINARY' ? [1, 8] : stated === 'FRACTIONAL' ? [8] : [8, 16];
  const known = stated === 'BINARY' || stated === 'FRACTIONAL' || stated === 'LABELMAP';
  if (!known || !bits.includes(bitsAllocated) || samplesPerPixel !== 1) {
    throw new NacreError('unsupported-type', 'nacre does not read segmentations of this kind', {
      file,
      found: `${known ? stated : 'no known type'}, ${bitsAllocated} bits`,
      expected: 'BINARY (1 bit), FRACTIONAL (8 bits), LABELMAP (8 or 16 bits)',
      todo: 'export the segmentation as one of these',
    });
  }
  if (bitsAllocated === 1) return { type: stated, most: 1, frame: bitFrames(set, pixels) };
  const most = stated === 'FRACTIONAL' ? (a.unsigned('maximumFractionalValue') ?? 255) : 1;
  if (!(most > 0)) {
    throw new NacreError('bad-dicom', 'the segmentation gives no value for a whole voxel', {
      file,
      found: `maximum fractional value ${most}`,
      expected: '1 to 255',
    });
  }
  const frame = await frameReader(set, pixels);
  return { type: stated, most, frame: (index) => storedValues(frame(index)) };
}

/** Frames of one bit for each pixel follow each other without a gap, lowest bit first (PS3.5, 8.1.1). */
function bitFrames(set: DicomDataSet, pixels: PixelEncoding): (index: number) => Uint8Array {
  if (set.syntax.codec !== 'none') {
    throw new NacreError('unsupported-type', 'nacre does not read packed frames of single bits', {
      file: set.file,
      found: set.syntax.name,
      expected: 'an uncompressed binary segmentation',
      todo: 'export it uncompressed',
    });
  }
  const element = pixelElement(set);
  const plain = plainPixels(set, element, pixels);
  const length = pixels.rows * pixels.columns;
  // In big endian, words of 16 bits are swapped.
  const swap = !set.syntax.littleEndian && element.words ? 1 : 0;
  return (index) => {
    const out = new Uint8Array(length);
    for (let i = 0; i < length; i++) {
      const bit = index * length + i;
      out[i] = (plain[(bit >> 3) ^ swap] >> (bit & 7)) & 1;
    }
    return out;
  };
}
