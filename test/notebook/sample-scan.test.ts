import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { niftiBytes } from '../../src/imaging/nifti-bytes.ts';
import { sampleScan } from '../../src/notebook/sample-scan.ts';
import { syntheticScan } from '../../src/notebook/synthetic-scan.ts';

const folder = mkdtempSync(join(tmpdir(), 'nacre-sample-'));
const made = syntheticScan('mri');
const files = { image: join(folder, 'scan.nii.gz'), mask: join(folder, 'mask.nii.gz') };
writeFileSync(files.image, niftiBytes(made.volume));
writeFileSync(files.mask, niftiBytes(made.tumour));
const cohort = {
  patients: ['P1', 'P2', 'P3'],
  images: { T2: [undefined, files, files], CT: [undefined, undefined, undefined] },
  synthetic: false,
};

it('takes the first patient with the scan, or the named one', async () => {
  expect((await sampleScan(cohort)).title).toBe('P2, T2');
  expect((await sampleScan(cohort, { patient: '' })).title).toBe('P2, T2');
  const named = await sampleScan(cohort, { patient: 'P3', modality: 'mri' });
  expect(named).toMatchObject({ title: 'P3, T2', unit: 'a.u.', synthetic: false });
  expect(named.tumour.data).toEqual(made.tumour.data);
});

it('a modality that nobody has is made by code and says so; another name never is', async () => {
  expect(await sampleScan(cohort, { modality: 'ct' })).toMatchObject({
    title: 'CT made by code (the cohort has none)',
    unit: 'HU',
    synthetic: true,
  });
  expect((await sampleScan({ ...cohort, images: undefined })).synthetic).toBe(true);
  await expect(sampleScan(cohort, { patient: 'P1' })).rejects.toThrow(/P1.*one of P2, P3/);
  await expect(sampleScan(cohort, { scan: 'T1' })).rejects.toThrow(/T1.*one of T2/);
});
