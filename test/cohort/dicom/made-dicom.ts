import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** An element: tag as `00100010`, value representation, value; of a sequence its items. */
export type Element = readonly [
  tag: string,
  vr: string,
  value: string | number[] | Uint8Array | Element[][],
];

const longForm = ['OB', 'OW', 'SQ', 'UT', 'UN', 'UC', 'OF'];

/** Bytes of a DICOM file in explicit little endian, elements sorted by tag; the same elements give the same bytes. */
export function dicomBytes(elements: readonly Element[]): Uint8Array {
  const meta = encode([['00020010', 'UI', '1.2.840.10008.1.2.1']]);
  const group = encode([['00020000', 'UL', [meta.length]]]);
  return Buffer.concat([Buffer.alloc(128), Buffer.from('DICM'), group, meta, encode(elements)]);
}

export function writeDicom(path: string, elements: readonly Element[]): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, dicomBytes(elements));
}

function encode(elements: readonly Element[]): Buffer {
  const sorted = [...elements].sort(([a], [b]) => (a < b ? -1 : 1));
  return Buffer.concat(
    sorted.map(([tag, vr, value]) => {
      const bytes = valueBytes(vr, value);
      const head = Buffer.alloc(longForm.includes(vr) ? 12 : 8);
      head.writeUInt16LE(Number.parseInt(tag.slice(0, 4), 16), 0);
      head.writeUInt16LE(Number.parseInt(tag.slice(4), 16), 2);
      head.write(vr, 4, 'latin1');
      if (head.length === 12) head.writeUInt32LE(bytes.length, 8);
      else head.writeUInt16LE(bytes.length, 6);
      return Buffer.concat([head, bytes]);
    }),
  );
}

function valueBytes(vr: string, value: Element[2]): Buffer {
  if (typeof value === 'string') {
    const odd = value.length % 2 === 1;
    return Buffer.from(odd ? value + (vr === 'UI' ? '\0' : ' ') : value, 'latin1');
  }
  if (value instanceof Uint8Array) return Buffer.from(value);
  if (vr === 'SQ') {
    return Buffer.concat(
      (value as Element[][]).map((item) => {
        const body = encode(item);
        const head = Buffer.from('feff00e000000000', 'hex');
        head.writeUInt32LE(body.length, 4);
        return Buffer.concat([head, body]);
      }),
    );
  }
  const numbers = value as number[];
  const bytes = Buffer.alloc(numbers.length * (vr === 'UL' ? 4 : 2));
  numbers.forEach((number, i) => {
    if (vr === 'UL') bytes.writeUInt32LE(number, 4 * i);
    else bytes.writeUInt16LE(number, 2 * i);
  });
  return bytes;
}

export interface MadeSeries {
  patientId: string;
  studyUid: string;
  studyDate: string;
  seriesUid: string;
  number: number;
  description: string;
  modality?: string;
  /** Acquisition time of each phase, HHMMSS; one phase is one plain volume. */
  times?: readonly string[];
  slices?: number;
  /** Stored value of a pixel. */
  value: (phase: number, i: number, j: number, k: number) => number;
  /** Elements laid over the others of each file. */
  more?: readonly Element[];
}

export const madeSize = [16, 14] as const;
export const madeSpacing = [1.5, 1.5, 3] as const;

/** The files of a series: name and elements, of every phase and slice. */
export function madeFiles(series: MadeSeries): { instance: string; elements: Element[] }[] {
  const { times = ['100000'], slices = 6, modality = 'MR', more = [] } = series;
  const [columns, rows] = madeSize;
  return times.flatMap((time, phase) =>
    Array.from({ length: slices }, (_, k) => {
      const pixels = new Uint16Array(columns * rows);
      for (let j = 0; j < rows; j++) {
        for (let i = 0; i < columns; i++) pixels[i + columns * j] = series.value(phase, i, j, k);
      }
      const instance = `${series.seriesUid}.${phase + 1}.${k + 1}`;
      const own: Element[] = [
        ['00080005', 'CS', 'ISO_IR 100'],
        ['00080008', 'CS', 'ORIGINAL\\PRIMARY'],
        [
          '00080016',
          'UI',
          modality === 'CT' ? '1.2.840.10008.5.1.4.1.1.2' : '1.2.840.10008.5.1.4.1.1.4',
        ],
        ['00080018', 'UI', instance],
        ['00080020', 'DA', series.studyDate],
        ['00080022', 'DA', series.studyDate],
        ['00080032', 'TM', time],
        ['00080060', 'CS', modality],
        ['0008103E', 'LO', series.description],
        ['00100020', 'LO', series.patientId],
        ['00180020', 'CS', 'GR'],
        ['00180050', 'DS', '3'],
        ['00180080', 'DS', '5'],
        ['00180081', 'DS', '2'],
        ['0020000D', 'UI', series.studyUid],
        ['0020000E', 'UI', series.seriesUid],
        ['00200011', 'IS', String(series.number)],
        ['00200032', 'DS', `-12\\-10\\${-8 + 3 * k}`],
        ['00200037', 'DS', '1\\0\\0\\0\\1\\0'],
        ['00200052', 'UI', `${series.studyUid}.9`],
        ['00280002', 'US', [1]],
        ['00280004', 'CS', 'MONOCHROME2'],
        ['00280010', 'US', [rows]],
        ['00280011', 'US', [columns]],
        ['00280030', 'DS', '1.5\\1.5'],
        ['00280100', 'US', [16]],
        ['00280101', 'US', [16]],
        ['00280102', 'US', [15]],
        ['00280103', 'US', [0]],
        ['7FE00010', 'OW', new Uint8Array(pixels.buffer)],
        ...(times.length > 1 ? [['00200100', 'IS', String(phase + 1)] as const] : []),
      ];
      return { instance, elements: overlaid(own, more) };
    }),
  );
}

/** A contour set with one square, pixels `low` to `high` in both directions on slices `from` to `to`. */
export function madeContours(
  series: MadeSeries,
  name: string,
  { low, high, from, to }: { low: number; high: number; from: number; to: number },
  more: readonly Element[] = [],
): Element[] {
  const frame = `${series.studyUid}.9`;
  const [x0, x1] = [-12 + 1.5 * (low - 0.5), -12 + 1.5 * (high + 0.5)];
  const [y0, y1] = [-10 + 1.5 * (low - 0.5), -10 + 1.5 * (high + 0.5)];
  const contours = Array.from({ length: to - from + 1 }, (_, n): Element[] => {
    const z = -8 + 3 * (from + n);
    const points = [
      [x0, y0],
      [x1, y0],
      [x1, y1],
      [x0, y1],
    ].flatMap(([x, y]) => [x, y, z]);
    return [
      ['30060042', 'CS', 'CLOSED_PLANAR'],
      ['30060046', 'IS', '4'],
      ['30060050', 'DS', points.join('\\')],
    ];
  });
  const images = madeFiles(series).map(({ instance }): Element[] => [['00081155', 'UI', instance]]);
  const referred: Element[] = [
    ['0020000E', 'UI', series.seriesUid],
    ['30060016', 'SQ', images],
  ];
  const own: Element[] = [
    ['00080005', 'CS', 'ISO_IR 100'],
    ['00080016', 'UI', '1.2.840.10008.5.1.4.1.1.481.3'],
    ['00080018', 'UI', `${series.seriesUid}.77.${name.length}`],
    ['00080020', 'DA', series.studyDate],
    ['00080060', 'CS', 'RTSTRUCT'],
    ['00100020', 'LO', series.patientId],
    ['0020000D', 'UI', series.studyUid],
    ['0020000E', 'UI', `${series.seriesUid}.77`],
    [
      '30060010',
      'SQ',
      [
        [
          ['00200052', 'UI', frame],
          ['30060012', 'SQ', [[['30060014', 'SQ', [referred]]]]],
        ],
      ],
    ],
    [
      '30060020',
      'SQ',
      [
        [
          ['30060022', 'IS', '1'],
          ['30060024', 'UI', frame],
          ['30060026', 'LO', name],
        ],
      ],
    ],
    [
      '30060039',
      'SQ',
      [
        [
          ['30060040', 'SQ', contours],
          ['30060084', 'IS', '1'],
        ],
      ],
    ],
  ];
  return overlaid(own, more);
}

function overlaid(own: readonly Element[], more: readonly Element[]): Element[] {
  const tags = new Set(more.map(([tag]) => tag));
  return [...own.filter(([tag]) => !tags.has(tag)), ...more];
}
