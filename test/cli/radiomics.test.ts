import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Papa from 'papaparse';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { runCli } from '../../src/cli/program.ts';
import { niftiBytes } from '../../src/imaging/nifti-bytes.ts';
import { readRows } from '../../src/machine/parquet.ts';
import { RandomStream } from '../../src/runtime/random-stream.ts';
import { grid as gridOf } from '../radiomics/small-volumes.ts';

const folder = mkdtempSync(join(tmpdir(), 'nacre-radiomics-'));
const at = (name: string) => join(folder, name);
const grid = gridOf([12, 10, 8], [1, 1, 2]);

/** Synthetic noise and two boxes, labels 1 and 2. */
const noise = RandomStream.of(7, 'cli radiomics test');
const voxels = Int16Array.from({ length: 960 }, () => noise.integer(0, 500));
const labels = Uint8Array.from({ length: 960 }, (_, i) => {
  const [x, y, z] = [i % 12, Math.floor(i / 12) % 10, Math.floor(i / 120)];
  if (y < 2 || y > 7 || z < 2 || z > 5) return 0;
  return x >= 1 && x <= 4 ? 1 : x >= 7 && x <= 10 ? 2 : 0;
});
writeFileSync(at('image.nii.gz'), niftiBytes({ ...grid, data: voxels }));
writeFileSync(at('mask.nii.gz'), niftiBytes({ ...grid, data: labels }));
writeFileSync(at('shifted.nii.gz'), niftiBytes({ ...grid, origin: [0.4, 0, 0], data: labels }));
writeFileSync(at('empty.nii.gz'), niftiBytes({ ...grid, data: new Uint8Array(960) }));
writeFileSync(at('broken.nii.gz'), readFileSync(at('image.nii.gz')).subarray(0, 200));

async function nacre(...words: string[]) {
  const said = { out: '', err: '' };
  vi.spyOn(process.stdout, 'write').mockImplementation(
    (text) => Boolean((said.out += text)) || true,
  );
  vi.spyOn(process.stderr, 'write').mockImplementation(
    (text) => Boolean((said.err += text)) || true,
  );
  process.exitCode = 0;
  const code = await runCli(['node', 'nacre', 'radiomics', ...words]);
  process.exitCode = 0;
  vi.restoreAllMocks();
  return { code, ...said };
}
afterEach(() => vi.restoreAllMocks());

describe('nacre radiomics', () => {
  it('prints one object keyed by PyRadiomics names', async () => {
    const { code, out } = await nacre(at('image.nii.gz'), at('mask.nii.gz'), '--format', 'json');
    expect(code).toBe(0);
    const object = JSON.parse(out);
    const inside = [...voxels].filter((_, i) => labels[i] === 1);
    expect(object.original_firstorder_Energy).toBe(inside.reduce((sum, x) => sum + x * x, 0));
    expect(object.original_shape_VoxelVolume).toBe(2 * inside.length);
    expect(object['diagnostics_Mask-original_VoxelNum']).toBe(inside.length);
    expect(object['diagnostics_Image-original_Spacing']).toEqual([1, 1, 2]);
  });

  it('gives every label, and names those there are where one is wrong', async () => {
    const all = await nacre(at('image.nii.gz'), at('mask.nii.gz'), '--label', 'all', '-f', 'json');
    expect(JSON.parse(all.out).map((row: { Label: number }) => row.Label)).toEqual([1, 2]);
    const wrong = await nacre(at('image.nii.gz'), at('mask.nii.gz'), '--label', '5');
    expect(wrong.code).toBe(3);
    expect(wrong.err).toMatch(/mask\.nii\.gz: .*labels 1 \(96 voxels\), 2 \(96 voxels\).*label 5/);
  });

  it('gives a row per label in a batch, for masks on another grid when asked', async () => {
    writeFileSync(
      at('labels.csv'),
      'ID,Image,Mask,Label\nA,image.nii.gz,mask.nii.gz,all\nB,image.nii.gz,mask.nii.gz,2\n' +
        'C,image.nii.gz,shifted.nii.gz,all\n',
    );
    const read = async (...words: string[]) => {
      const { code, out } = await nacre(at('labels.csv'), '-f', 'json', ...words);
      const rows: Record<string, unknown>[] = JSON.parse(out);
      const voxels = 'diagnostics_Mask-original_VoxelNum';
      return { code, rows: rows.map((row) => [row.ID, row.Label, row[voxels]]) };
    };
    const own = [
      ['A', 1, 96],
      ['A', 2, 96],
      ['B', 2, 96],
    ];
    const refused = [1, 2].map((label) => ['C', label, null]);
    expect(await read()).toEqual({ code: 4, rows: [...own, ...refused] });
    const resampled = [1, 2].map((label) => ['C', label, 96]);
    expect(await read('--resample-mask')).toEqual({ code: 0, rows: [...own, ...resampled] });
  });

  it('measures how far a mask lies off, and resamples it only when asked', async () => {
    const refused = await nacre(at('image.nii.gz'), at('shifted.nii.gz'));
    expect(refused.code).toBe(3);
    expect(refused.err).toMatch(/shifted\.nii\.gz: .*0\.400 mm apart.*--resample-mask/);
    const asked = await nacre(at('image.nii.gz'), at('shifted.nii.gz'), '--resample-mask');
    expect(asked.code).toBe(0);
  });

  it('refuses unknown settings, an empty mask, a cut file and a bad command line', async () => {
    const pair = [at('image.nii.gz'), at('mask.nii.gz')];
    expect((await nacre(...pair, '--setting', 'binWidht=3')).err).toMatch(
      /did you mean binWidth\?/,
    );
    // The spelling of earlier versions.
    expect((await nacre(...pair, '--set', 'binWidht=3')).err).toMatch(/did you mean binWidth\?/);
    expect((await nacre(at('image.nii.gz'), at('empty.nii.gz'))).err).toMatch(/mask is empty/);
    expect(await nacre(at('broken.nii.gz'), at('mask.nii.gz'))).toMatchObject({ code: 3 });
    expect(await nacre(at('image.nii.gz'))).toMatchObject({ code: 2 });
  });

  it('reports a case that loses more than a tenth of its features, and columns empty in every case', async () => {
    const pair = [at('image.nii.gz'), at('mask.nii.gz')];
    // Noise in bins this narrow has more levels than any matrix can hold.
    const narrow = ['--setting', 'binWidth=0.00001'];
    const one = await nacre(...pair, ...narrow, '--out', at('narrow.csv'));
    expect(one.code).toBe(4);
    expect(one.err).toMatch(
      /lost more than a tenth of its features.*\d+ of 107 features have no value/,
    );
    expect(readFileSync(at('narrow.csv.errors.csv'), 'utf8')).toMatch(/features-lost/);
    const row = Papa.parse<Record<string, string>>(readFileSync(at('narrow.csv'), 'utf8'), {
      header: true,
    }).data[0];
    expect(Number(row.original_shape_MeshVolume)).toBeGreaterThan(0);

    writeFileSync(
      at('both.csv'),
      'ID,Image,Mask,Label\nA,image.nii.gz,mask.nii.gz,1\nB,image.nii.gz,mask.nii.gz,2\n',
    );
    const two = await nacre(at('both.csv'), ...narrow, '--out', at('lost.csv'));
    expect(two.code).toBe(4);
    expect(two.err).toMatch(/radiomics: \d+ of 107 columns have no value in any case/);
    const errors = readFileSync(at('lost.csv.errors.csv'), 'utf8');
    expect(errors).toMatch(/1,A,.*features-lost/);
    expect(errors).toMatch(/2,B,.*features-lost/);
    expect(errors).toMatch(/column-empty,/);
    const again = await nacre(at('both.csv'), ...narrow, '--out', at('lost.csv'), '--resume');
    expect(again).toMatchObject({ code: 4 });
    expect(readFileSync(at('lost.csv.errors.csv'), 'utf8')).toBe(errors);
  });

  it('runs a batch: failures in a file, the same bytes for one job and two, finished cases resumed', async () => {
    writeFileSync(
      at('batch.csv'),
      'ID,Image,Mask,Label,Site\nA,image.nii.gz,mask.nii.gz,1,x\nB,image.nii.gz,mask.nii.gz,2,y\n' +
        'C,image.nii.gz,empty.nii.gz,1,z\n',
    );
    writeFileSync(
      at('p.yaml'),
      'imageType:\n  Original: {}\n  LoG:\n    sigma: [1]\nsetting:\n  binWidth: 50\n',
    );
    const words = [at('batch.csv'), '--params', at('p.yaml')];
    const one = await nacre(...words, '--out', at('one.csv'));
    expect(one.code).toBe(4);
    expect(await nacre(...words, '--out', at('two.csv'), '--workers', '2')).toMatchObject({
      code: 4,
    });
    expect(readFileSync(at('two.csv'))).toEqual(readFileSync(at('one.csv')));
    const text = readFileSync(at('one.csv'), 'utf8').trim();
    const rows = Papa.parse<Record<string, string>>(text, { header: true }).data;
    expect(rows.map(({ ID, Site }) => ID + Site)).toEqual(['Ax', 'By', 'Cz']);
    expect(Number(rows[1]['log-sigma-1-mm-3D_glcm_Contrast'])).toBeGreaterThan(0);
    expect(rows[2].original_glcm_Contrast).toBe('');
    expect(rows[2].diagnostics_Missing).toMatch(/mask is empty/);
    expect(readFileSync(at('one.csv.errors.csv'), 'utf8')).toMatch(/3,C,.*empty-mask/);

    expect(readdirSync(at('one.csv.cases'))).toHaveLength(2);
    const resumed = await nacre(...words, '--out', at('one.csv'), '--resume');
    expect(resumed.err).toMatch(/3\/3/);
    expect(readFileSync(at('one.csv'))).toEqual(readFileSync(at('two.csv')));
    await nacre(...words, '--out', at('one.parquet'));
    const parquet = await readRows<Record<string, unknown>>(at('one.parquet'));
    expect(parquet[0].original_glcm_Contrast).toBe(Number(rows[0].original_glcm_Contrast));
  });
});

describe('nacre radiomics, inputs that are something else', () => {
  it('asks whether image and mask are exchanged, names a header without orientation, and idle settings', async () => {
    const mask = Uint8Array.from(labels, (x) => (x === 1 ? 1 : 0));
    const plain = { gzip: false };
    writeFileSync(at('scan-a.nii'), niftiBytes({ ...grid, data: voxels }, plain));
    writeFileSync(at('mask-a.nii'), niftiBytes({ ...grid, data: mask }, plain));
    const exchanged = await nacre(at('mask-a.nii'), at('scan-a.nii'));
    expect(exchanged.code).toBe(3);
    expect(exchanged.err).toMatch(/is the mask given as the image\?/);

    const bytes = niftiBytes({ ...grid, origin: [5, 6, 7], data: voxels }, plain);
    const header = new DataView(bytes.buffer);
    header.setInt16(252, 0, true);
    header.setInt16(254, 0, true);
    writeFileSync(at('scan-b.nii'), bytes);
    writeFileSync(at('mask-b.nii'), niftiBytes({ ...grid, origin: [5, 6, 7], data: mask }, plain));
    const unsure = await nacre(at('scan-b.nii'), at('mask-b.nii'));
    expect(unsure.code).toBe(3);
    expect(unsure.err).toMatch(/the header of the image does not say how the grid lies/);
    expect(unsure.err).toMatch(/the other way round \(LPS\)/);

    const idle = await nacre(at('scan-a.nii'), at('mask-a.nii'), '--setting', 'normalizeScale=9');
    expect(idle.code).toBe(0);
    expect(idle.err).toMatch(/setting\.normalizeScale 9.*normalize is false/);
  });
});
