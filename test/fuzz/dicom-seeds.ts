import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { axial, group, madeDicom, madeSlice } from '../imaging/dicom/made-dicom.ts';
import { segmentationElements, text } from '../imaging/dicom/made-segmentation.ts';

const packed = new URL('../imaging/dicom/packed/', import.meta.url).pathname;

/** Sequences within sequences, 10,000 deep, of undefined length and without an end. */
export function nestedSequences(): Uint8Array {
  const head = [0x08, 0, 0x15, 0x11, 0x53, 0x51, 0, 0, 0xff, 0xff, 0xff, 0xff];
  const item = [0xfe, 0xff, 0, 0xe0, 0xff, 0xff, 0xff, 0xff];
  const deep = new Uint8Array(10_000 * 20);
  for (let depth = 0; depth < 10_000; depth++) deep.set([...head, ...item], depth * 20);
  return Buffer.concat([madeDicom({ elements: [] }), deep]);
}

/** Two megabytes of zeros that pack to two kilobytes. */
function bomb(): Uint8Array {
  const more = [{ tag: 0x7fe00010, vr: 'OW', value: new Uint8Array(2_000_000) }];
  return madeSlice({ syntax: 'deflated', more });
}

function enhanced(): Uint8Array {
  return madeSlice({
    more: [
      { tag: 0x00200032, value: undefined },
      { tag: 0x00200037, value: undefined },
      text(0x00280008, 'IS', '2'),
      group(0x52009229, group(0x00209116, text(0x00200037, 'DS', axial.join('\\')))),
      {
        tag: 0x52009230,
        vr: 'SQ',
        value: [0, 3].map((z) => [
          group(0x00209113, text(0x00200032, 'DS', `0\\0\\${z}`)),
          group(0x00289145, text(0x00281052, 'DS', '-1'), text(0x00281053, 'DS', '0.5')),
        ]),
      },
      { tag: 0x7fe00010, vr: 'OW', value: new Uint8Array(24).fill(7) },
    ],
  });
}

/** Whole image files of every encoding that is read, a bomb and a deep one. */
export function imageSeeds(): Uint8Array[] {
  const files = readdirSync(packed).filter((name) => name.endsWith('.dcm'));
  return [
    ...(['explicit', 'implicit', 'big', 'deflated'] as const).map((syntax) =>
      madeSlice({ syntax, slope: '2', intercept: '-1024', stored: 12 }),
    ),
    ...files.sort().map((name): Uint8Array => readFileSync(join(packed, name))),
    enhanced(),
    nestedSequences(),
    bomb(),
  ];
}

const roi = (number: number, name: string) => [
  text(0x30060022, 'IS', String(number)),
  text(0x30060024, 'UI', '1.2.3.9'),
  text(0x30060026, 'LO', name),
];

function contours(): Uint8Array {
  const points = [0, 0, 0, 3, 0, 0, 3, 3, 0, 0, 3, 0].join('\\');
  return madeDicom({
    elements: [
      text(0x00080016, 'UI', '1.2.840.10008.5.1.4.1.1.481.3'),
      text(0x00080060, 'CS', 'RTSTRUCT'),
      { tag: 0x30060020, vr: 'SQ', value: [roi(1, 'GTV-1')] },
      {
        tag: 0x30060039,
        vr: 'SQ',
        value: [
          [
            {
              tag: 0x30060040,
              vr: 'SQ',
              value: [
                [
                  text(0x30060042, 'CS', 'CLOSED_PLANAR'),
                  text(0x30060046, 'IS', '4'),
                  text(0x30060050, 'DS', points),
                ],
              ],
            },
            text(0x30060084, 'IS', '1'),
          ],
        ],
      },
    ],
  });
}

function segmentation(type: 'BINARY' | 'FRACTIONAL'): Uint8Array {
  const pixels = new Uint8Array(type === 'BINARY' ? 4 : 32).fill(255);
  const frames = [0, 3].map((z) => ({ z, segment: 1 }));
  return madeDicom({
    elements: segmentationElements({ type, size: 4, segments: ['tumour'], frames, pixels }),
  });
}

/** Contours and segmentations on a grid of 4 × 4 × 2 voxels of 1 × 1 × 3 mm. */
export function regionSeeds(): Uint8Array[] {
  return [contours(), segmentation('BINARY'), segmentation('FRACTIONAL')];
}
