import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { niftiBytes } from '../../src/imaging/nifti-bytes.ts';
import { sampleScan } from '../../src/notebook/sample-scan.ts';
import { syntheticScan } from '../../src/notebook/synthetic-scan.ts';
import {
  type MadeSeries,
  madeContours,
  madeFiles,
  writeDicom,
} from '../cohort/dicom/made-dicom.ts';

const folder = mkdtempSync(join(tmpdir(), 'nacre-sample-'));
const made = syntheticScan('mri');
const files = { image: join(folder, 'scan.nii.gz'), mask: join(folder, 'mask.nii.gz') };
// Without the mark of what was made by code: these play the part of a patient's files.
writeFileSync(files.image, niftiBytes(made.volume, { description: '' }));
writeFileSync(files.mask, niftiBytes(made.tumour, { description: '' }));
const cohort = {
  patients: ['P1', 'P2', 'P3'],
  images: { T2: [undefined, files, files], CT: [undefined, undefined, undefined] },
  synthetic: false,
};

it('takes the first patient with the scan, or the named one', async () => {
  expect((await sampleScan(cohort)).title).toBe('P2, T2');
  expect((await sampleScan(cohort, { patient: '' })).title).toBe('P2, T2');
  expect((await sampleScan({ ...cohort, synthetic: true })).volume.synthetic).toBe(true);
  const named = await sampleScan(cohort, { patient: 'P3', modality: 'mri' });
  expect(named).toMatchObject({ title: 'P3, T2', unit: 'a.u.', synthetic: false });
  expect(named.volume.unit).toBe('a.u.');
  expect(named.tumour.data).toEqual(made.tumour.data);
});

it('a modality that nobody has is made by code and says so; another name never is', async () => {
  expect(await sampleScan(cohort, { modality: 'ct' })).toMatchObject({
    title: 'CT made by code (the cohort has none)',
    unit: 'HU',
    synthetic: true,
    standIn: true,
  });
  // Asked for so, the cohort's other scans come before one made by code.
  expect(await sampleScan(cohort, { modality: 'ct', orOther: true })).toMatchObject({
    title: 'P2, T2',
    standIn: false,
  });
  expect((await sampleScan({ ...cohort, images: undefined })).synthetic).toBe(true);
  await expect(sampleScan(cohort, { patient: 'P1' })).rejects.toThrow(/P1.*one of P2, P3/);
  await expect(sampleScan(cohort, { scan: 'T1' })).rejects.toThrow(/T1.*one of T2/);
});

it("opens a scan of one's own from DICOM as from NIfTI, where it is of the modality asked for", async () => {
  const dicom = join(folder, 'export');
  const series: MadeSeries = {
    ...{
      patientId: 'P',
      studyUid: '1.2.3',
      studyDate: '20240115',
      seriesUid: '1.2.3.4',
      number: 1,
    },
    description: 'T1 VIBE',
    value: (_, i, j, k) => 100 + i + 2 * j + 3 * k,
  };
  madeFiles(series).forEach(({ elements }, i) => {
    writeDicom(join(dicom, String(i)), elements);
  });
  const square = { low: 5, high: 9, from: 1, to: 4 };
  writeDicom(join(dicom, 'contours'), madeContours(series, 'GTV', square));
  const fromDicom = await sampleScan(cohort, { modality: 'mri', image: dicom });
  expect(fromDicom).toMatchObject({ title: 'export', unit: 'a.u.', synthetic: false });
  const own = { image: join(folder, 'own.nii.gz'), mask: join(folder, 'own-mask.nii.gz') };
  writeFileSync(own.image, niftiBytes(fromDicom.volume));
  writeFileSync(own.mask, niftiBytes(fromDicom.tumour));
  const fromNifti = await sampleScan(cohort, { modality: 'mri', ...own });
  expect(Array.from(fromNifti.volume.data)).toEqual(Array.from(fromDicom.volume.data));
  expect(fromNifti.regions.peritumoral.data).toEqual(fromDicom.regions.peritumoral.data);
  expect(fromDicom.tumour.data.reduce((sum, value) => sum + value, 0)).toBe(5 * 5 * 4);
  // It is no CT: the cohort's stands there, or the one made by code.
  expect((await sampleScan(cohort, { modality: 'ct', image: dicom })).synthetic).toBe(true);
});
