import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadCohort } from '../../src/cohort/load-cohort.ts';
import { extractCohort } from '../../src/features/extract-cohort.ts';
import { extraction } from '../../src/features/extraction.ts';
import { geometryOf, type Mask, type Volume } from '../../src/imaging/volume.ts';
import { writeSegmentation } from '../../src/machine/dicom/write-segmentation.ts';
import { readVolume } from '../../src/machine/read-volume.ts';
import { writeNifti } from '../../src/machine/write-nifti.ts';
import { type MadeElement, madeSlice } from '../imaging/dicom/made-dicom.ts';

const text = (tag: number, vr: string, value: string): MadeElement => ({ tag, vr, value });
const edge = 24;

/** Two phases of 8 slices in one folder, the second brighter in the middle. */
function writePhases(folder: string): void {
  mkdirSync(folder, { recursive: true });
  for (const phase of [1, 2]) {
    for (let k = 0; k < 8; k++) {
      const values = Array.from({ length: edge * edge }, (_, i) => {
        const [x, y] = [i % edge, Math.floor(i / edge)];
        const inside = Math.hypot(x - 12, y - 12, 2 * (k - 4)) < 8;
        return 100 + ((7 * x + 5 * y + 3 * k) % 11) + (inside ? 200 * phase : 0);
      });
      const pixels = new Uint8Array(Uint16Array.from(values).buffer);
      const slice = madeSlice({
        position: [0, 0, 2 * k],
        rows: edge,
        number: 10 * phase + k,
        more: [
          { tag: 0x00280011, vr: 'US', value: [edge] },
          text(0x00280030, 'DS', '1\\1'),
          text(0x00200100, 'IS', String(phase)),
          { tag: 0x7fe00010, vr: 'OW', value: pixels },
        ],
      });
      writeFileSync(join(folder, `${phase}-${k}`), slice);
    }
  }
}

function sphere(image: Volume): Mask {
  const data = Uint8Array.from(image.data, (_, i) => {
    const [x, y, k] = [i % edge, Math.floor(i / edge) % edge, Math.floor(i / edge / edge)];
    return Math.hypot(x - 12, y - 12, 2 * (k - 4)) < 6 ? 1 : 0;
  });
  return { ...geometryOf(image), data };
}

let root: string;
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'nacre-dicom-cohort-'));
  for (const patient of ['P1', 'P2']) {
    const folder = join(root, patient);
    writePhases(join(folder, 'dce'));
    const image = await readVolume(`${join(folder, 'dce')}#phase=2`);
    const mask = sphere(image);
    await writeSegmentation(join(folder, 'seg.dcm'), image, [
      { mask, label: 'tumour of the left breast' },
      { mask: { ...mask, data: mask.data.map((value) => 1 - value) }, label: 'rest' },
    ]);
    writeNifti(join(folder, 'image.nii.gz'), image);
    writeNifti(join(folder, 'mask.nii.gz'), mask);
  }
  const manifest = {
    format: 'nacre-cohort-1',
    id: 'dicom',
    title: 'DICOM',
    citation: 'made by code',
    licence: 'none',
    synthetic: true,
    patients: ['P1', 'P2'],
    images: {
      ceT1: {
        image: '{patient}/dce',
        mask: '{patient}/seg.dcm',
        phase: 2,
        roi: 'tumour*',
      },
      nifti: { image: '{patient}/image.nii.gz', mask: '{patient}/mask.nii.gz' },
      whole: { image: '{patient}/dce', mask: '{patient}/seg.dcm', roi: 'tumour*' },
    },
  };
  writeFileSync(join(root, 'manifest.json'), JSON.stringify(manifest));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe('a cohort of DICOM folders and segmentations', () => {
  const asked = (scans: string[]) =>
    extraction({
      scans,
      extractors: ['radiomics'],
      radiomics: { featureClass: { firstorder: ['Mean', 'Energy'], shape: ['MeshVolume'] } },
      ringMm: 3,
      ringWithin: 'scan',
    });

  it('gives the features of the same scans as NIfTI, and notes what was chosen', async () => {
    const cohort = await loadCohort(join(root, 'manifest.json'), { data: root });
    const cache = join(root, 'cache');
    const { blocks, failures, assumptions, inputs } = await extractCohort(
      cohort,
      asked(['ceT1', 'nifti']),
      { cache, workers: 1 },
    );
    expect(failures).toEqual([]);
    const { columns } = blocks.radiomics as NonNullable<typeof blocks.radiomics>;
    const valuesOf = (scan: string) =>
      columns.filter(({ modality }) => modality === scan).map(({ values }) => [...values]);
    expect(valuesOf('ceT1').length).toBeGreaterThan(0);
    valuesOf('ceT1').forEach((values, c) => {
      values.forEach((value, row) => {
        const nifti = valuesOf('nifti')[c][row];
        expect(Math.abs(value - nifti)).toBeLessThanOrEqual(1e-6 * Math.abs(nifti));
      });
    });
    expect(assumptions.map(({ kind }) => kind)).toContain('dicom-phases');
    expect(inputs.every(({ sha256 }) => /^[0-9a-f]{64}$/.test(sha256))).toBe(true);
    const again = await extractCohort(cohort, asked(['ceT1', 'nifti']), { cache, workers: 1 });
    expect(again.unitsComputed).toBe(0);
  });

  it('refuses a series of two volumes where no phase is named', async () => {
    const cohort = await loadCohort(join(root, 'manifest.json'), { data: root });
    const cache = join(root, 'cache');
    await expect(extractCohort(cohort, asked(['whole']), { cache, workers: 1 })).rejects.toThrow(
      /P1.*by temporal position.*name the phase/,
    );
  });
});
