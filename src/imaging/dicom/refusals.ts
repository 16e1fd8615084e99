import type { ErrorCode } from '../../runtime/error-codes.ts';
import type { DicomHeader } from './header.ts';
import type { Slice } from './slice.ts';

/** Why a series cannot become a volume. */
export interface Refusal {
  code: ErrorCode;
  what: string;
  found?: string;
  todo: string;
}

/** The bits that a pixel may take in the file. */
const allocations = [8, 16, 32, 64];

/** The reason that every file of a series gives for its refusal; undefined for a series of slices in the patient. */
export function refusalOf({
  header,
  slices,
}: {
  header: DicomHeader;
  slices: readonly Slice[];
}): Refusal | undefined {
  const { kind, imageType, pixels, scaling } = header;
  if (kind === 'secondary-capture') {
    return {
      code: 'secondary-capture',
      what: 'the series is a secondary capture: a picture of a screen, without a place in the patient',
      todo: 'name the series that it was taken from',
    };
  }
  if (pixels === undefined) {
    return { code: 'no-pixels', what: 'the file holds no image', todo: 'name an image series' };
  }
  const { photometric, samplesPerPixel, bitsAllocated, bitsStored, highBit } = pixels;
  if (photometric === 'MONOCHROME1') {
    return {
      code: 'monochrome1',
      what: 'the image is MONOCHROME1: its lowest values are the brightest',
      todo: 'export it as MONOCHROME2',
    };
  }
  if (samplesPerPixel !== 1 || photometric !== 'MONOCHROME2') {
    const known = /^[A-Z0-9_ ]{1,16}$/.test(photometric) ? photometric : 'no known interpretation';
    return {
      code: 'colour',
      what: 'the image is in colour: a pixel holds no single measured value',
      found: `${known}, ${samplesPerPixel} samples for each pixel`,
      todo: 'name the series that it was made from',
    };
  }
  if (imageType.includes('LOCALIZER') || header.frames[0]?.frameType?.includes('LOCALIZER')) {
    return {
      code: 'localiser',
      what: 'the series is a localiser (scout)',
      todo: 'name the series that was planned on it',
    };
  }
  if (scaling.modalityLut) {
    return {
      code: 'modality-lut',
      what: 'the values of the series come from a modality lookup table, which nacre does not read',
      todo: 'export the series with rescale slope and intercept',
    };
  }
  const fits = bitsStored >= 1 && bitsStored <= bitsAllocated && highBit === bitsStored - 1;
  const shifted = highBit >= bitsStored - 1 && highBit < bitsAllocated;
  if (!allocations.includes(bitsAllocated) || !(fits || shifted) || bitsStored < 1) {
    return {
      code: 'unsupported-type',
      what: 'pixels of this type hold no value that nacre reads',
      found: `${bitsStored} of ${bitsAllocated} bits, high bit ${highBit}`,
      todo: 'export the series with 8, 16 or 32 bits for each pixel',
    };
  }
  if (slices.some(({ frame }) => frame.position === undefined || frame.orientation === undefined)) {
    return {
      code: 'no-position',
      what: 'the series does not say where its slices lie in the patient',
      todo: 'export the series with position and orientation, as the scanner wrote it',
    };
  }
  if (
    slices.some(({ frame: { spacing } }) => spacing === undefined || !(Math.min(...spacing) > 0))
  ) {
    return {
      code: 'no-spacing',
      what: 'the series gives no distance between its pixels',
      todo: 'export the series with pixel spacing, as the scanner wrote it',
    };
  }
  return undefined;
}
