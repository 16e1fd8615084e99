import { axial, group, type MadeElement } from './made-dicom.ts';

export const text = (tag: number, vr: string, value: string): MadeElement => ({ tag, vr, value });

export interface MadeSegmentation {
  type: 'BINARY' | 'FRACTIONAL' | 'LABELMAP';
  /** Rows and columns. */
  size: number;
  /** Largest value of a fractional one. */
  most?: number;
  segments: readonly string[];
  /** Positions of the frames, and which segment each is of. */
  frames: readonly { z: number; x?: number; segment?: number | undefined }[];
  pixels: Uint8Array;
}

/** Elements of a SEG of axial frames, of pixels of 1 × 1 mm. */
export function segmentationElements({
  type,
  size,
  most = 255,
  segments,
  frames,
  pixels,
}: MadeSegmentation): MadeElement[] {
  const bits = type === 'BINARY' ? 1 : 8;
  const short = (tag: number, value: number): MadeElement => ({ tag, vr: 'US', value: [value] });
  return [
    text(0x00080016, 'UI', `1.2.840.10008.5.1.4.1.1.66.${type === 'LABELMAP' ? 7 : 4}`),
    text(0x00080060, 'CS', 'SEG'),
    text(0x00200052, 'UI', '1.2.3.9'),
    short(0x00280002, 1),
    text(0x00280004, 'CS', 'MONOCHROME2'),
    text(0x00280008, 'IS', String(frames.length)),
    short(0x00280010, size),
    short(0x00280011, size),
    short(0x00280100, bits),
    short(0x00280101, bits),
    short(0x00280102, bits - 1),
    short(0x00280103, 0),
    text(0x00620001, 'CS', type),
    short(0x0062000e, most),
    {
      tag: 0x00620002,
      vr: 'SQ',
      value: segments.map((name, i) => [short(0x00620004, i + 1), text(0x00620005, 'LO', name)]),
    },
    group(
      0x52009229,
      group(0x00209116, text(0x00200037, 'DS', axial.join('\\'))),
      group(0x00289110, text(0x00280030, 'DS', '1\\1')),
    ),
    {
      tag: 0x52009230,
      vr: 'SQ',
      value: frames.map(({ z, segment, x = 0 }) => [
        group(0x00209113, text(0x00200032, 'DS', `${x}\\0\\${z}`)),
        ...(segment === undefined ? [] : [group(0x0062000a, short(0x0062000b, segment))]),
      ]),
    },
    { tag: 0x7fe00010, vr: 'OB', value: pixels },
  ];
}
