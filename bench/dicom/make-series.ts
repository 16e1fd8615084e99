import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type MadeElement, madeDicom } from '../../test/imaging/dicom/made-dicom.ts';

/** A series made by code in the encoding that scanners write: explicit little endian, 16 bits, a file for each slice. */
export interface MadeSeries {
  name: string;
  modality: 'CT' | 'MR';
  /** Pixels along rows and columns. */
  edge: number;
  positions: number;
  phases: number;
  /** Millimetres between slices and between pixels. */
  between: number;
  pixel: number;
}

export const series: readonly MadeSeries[] = [
  { name: 'ct', modality: 'CT', edge: 512, positions: 300, phases: 1, between: 1.25, pixel: 0.9 },
  { name: 'dce', modality: 'MR', edge: 384, positions: 120, phases: 4, between: 1.5, pixel: 0.8 },
];

const text = (tag: number, vr: string, value: string): MadeElement => ({ tag, vr, value });

/** Writes a series below a folder, once. File names and instance numbers are in no order. */
export function writeSeries(root: string, series: MadeSeries): string {
  const folder = join(root, series.name);
  if (existsSync(join(folder, '..', `${series.name}.done`))) return folder;
  mkdirSync(folder, { recursive: true });
  const { edge, positions, phases } = series;
  const count = positions * phases;
  for (let i = 0; i < count; i++) {
    // 7919 is prime: each number occurs once.
    const number = (i * 7919) % count;
    const [phase, k] = [Math.floor(i / positions), i % positions];
    const name = `${String(number).padStart(4, '0')}.dcm`;
    writeFileSync(join(folder, name), slice(series, k, phase, number, pixels(edge, k, phase)));
  }
  writeFileSync(join(folder, '..', `${series.name}.done`), '');
  return folder;
}

/** Values of a slice: a smooth body with grain, other in each slice and phase, in 12 bits. */
function pixels(edge: number, k: number, phase: number): Uint8Array {
  const values = new Uint16Array(edge * edge);
  let grain = 12345 + 97 * k + 13 * phase;
  for (let y = 0; y < edge; y++) {
    for (let x = 0; x < edge; x++) {
      grain = (Math.imul(grain, 1103515245) + 12345) & 0x7fffffff;
      const inside = (x - edge / 2) ** 2 + (y - edge / 2) ** 2 < (0.4 * edge) ** 2;
      values[y * edge + x] = (inside ? 1000 + 100 * phase + (k % 50) : 20) + ((grain >> 16) & 31);
    }
  }
  return new Uint8Array(values.buffer);
}

function slice(
  { modality, edge, between, pixel, positions }: MadeSeries,
  k: number,
  phase: number,
  number: number,
  values: Uint8Array,
): Uint8Array {
  const uid = `1.2.826.0.1.3680043.10.1.${modality === 'CT' ? 1 : 2}`;
  const second = 60 * phase;
  const time = `12${String(Math.floor(second / 60)).padStart(2, '0')}00`;
  return madeDicom({
    elements: [
      text(0x00080008, 'CS', 'ORIGINAL\\PRIMARY\\AXIAL'),
      text(0x00080016, 'UI', `1.2.840.10008.5.1.4.1.1.${modality === 'CT' ? 2 : 4}`),
      text(0x00080018, 'UI', `${uid}.9.${number + 1}`),
      text(0x00080020, 'DA', '20200102'),
      text(0x00080022, 'DA', '20200102'),
      text(0x00080030, 'TM', '115900'),
      text(0x00080032, 'TM', time),
      text(0x00080060, 'CS', modality),
      text(0x0008103e, 'LO', 'made by code'),
      text(0x00100010, 'PN', 'Nobody'),
      text(0x00100020, 'LO', 'BENCH'),
      text(0x00180050, 'DS', String(between)),
      text(0x0020000d, 'UI', uid),
      text(0x0020000e, 'UI', `${uid}.5`),
      text(0x00200011, 'IS', '1'),
      text(0x00200013, 'IS', String(number + 1)),
      text(
        0x00200032,
        'DS',
        `-230.4\\-230.4\\${Number((between * (k - positions / 2)).toFixed(4))}`,
      ),
      text(0x00200037, 'DS', '1\\0\\0\\0\\1\\0'),
      text(0x00200052, 'UI', `${uid}.6`),
      ...(modality === 'MR' ? [text(0x00200100, 'IS', String(phase + 1))] : []),
      { tag: 0x00280002, vr: 'US', value: [1] },
      text(0x00280004, 'CS', 'MONOCHROME2'),
      { tag: 0x00280010, vr: 'US', value: [edge] },
      { tag: 0x00280011, vr: 'US', value: [edge] },
      text(0x00280030, 'DS', `${pixel}\\${pixel}`),
      { tag: 0x00280100, vr: 'US', value: [16] },
      { tag: 0x00280101, vr: 'US', value: [12] },
      { tag: 0x00280102, vr: 'US', value: [11] },
      { tag: 0x00280103, vr: 'US', value: [0] },
      text(0x00281052, 'DS', modality === 'CT' ? '-1024' : '0'),
      text(0x00281053, 'DS', '1'),
      { tag: 0x7fe00010, vr: 'OW', value: values },
    ],
  });
}
