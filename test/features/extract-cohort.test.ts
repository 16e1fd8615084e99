import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Cohort, ScanFiles } from '../../src/cohort/cohort.ts';
import { loadCohort } from '../../src/cohort/load-cohort.ts';
import { writePhantom } from '../../src/cohort/phantom/write-phantom.ts';
import { extractCohort } from '../../src/features/extract-cohort.ts';
import { type ExtractionChoice, extraction } from '../../src/features/extraction.ts';
import { UnitCache, type UnitRow } from '../../src/features/unit-cache.ts';
import { withFeatures } from '../../src/features/with-features.ts';
import { niftiBytes } from '../../src/imaging/nifti-bytes.ts';
import { readVolume } from '../../src/machine/read-volume.ts';
import { RadiomicsExtractor } from '../../src/radiomics/extractor.ts';
import { NacreError } from '../../src/runtime/errors.ts';
import { silentProgress } from '../../src/runtime/progress.ts';
import type { FeatureTable } from '../../src/table/feature-table.ts';
import { sharedFolder } from '../shared-folder.ts';

const shared = sharedFolder();
let folder: string;
let phantom: Cohort;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'nacre-extract-'));
  const { manifest } = await writePhantom(
    { patients: 7, missingScans: 0 },
    { out: join(folder, 'in'), workers: 1 },
  );
  phantom = await loadCohort(manifest);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The first patients of the phantom, with some of their files put aside or replaced. */
function some(
  count: number,
  bend: (scans: Record<string, (ScanFiles | undefined)[]>) => void = () => {},
) {
  const rows = Array.from({ length: count }, (_, row) => row);
  const images = Object.fromEntries(
    Object.entries(phantom.images ?? {}).map(([scan, files]) => [scan, files.slice(0, count)]),
  );
  bend(images);
  const endpoints = Object.fromEntries(
    Object.entries(phantom.endpoints).map(([id, e]) => [
      id,
      { ...e, labels: e.labels.slice(0, count) },
    ]),
  );
  const patients = rows.map((row) => phantom.patients[row]);
  return { ...phantom, patients, images, endpoints, blocks: {} } satisfies Cohort;
}

/** First order and shape of one image: quick. */
const quick: ExtractionChoice = {
  scans: ['T2'],
  extractors: ['radiomics'],
  radiomics: { featureClass: { shape: ['MeshVolume'], firstorder: ['Mean', 'Energy'] } },
  // Coarse: the path is what is tested.
  deep: { size: 16, spacing: 4 },
};
const cacheOf = (name: string) => join(folder, `cache-${name}`);

describe('extractCohort', () => {
  it('notes a case that loses more than a tenth of its features, and columns empty in every case, also from the cache', async () => {
    const cohort = some(2);
    const asked = extraction({
      ...quick,
      regions: ['intra'],
      radiomics: {
        featureClass: { firstorder: ['Mean'], glcm: ['Contrast', 'Idn'] },
        setting: { binWidth: 1e-9 },
      },
    });
    const cache = cacheOf('lost');
    const first = await extractCohort(cohort, asked, { cache, workers: 1 });
    const found = first.assumptions.map(({ kind, level, patient }) => [kind, level, patient]);
    expect(found).toEqual([
      ['column-empty', 'warning', undefined],
      ...cohort.patients.map((patient) => ['features-lost', 'warning', patient]),
    ]);
    expect(first.assumptions[0].found).toMatch(
      /^T2 intra radiomics: [23] of 3 columns have no value in any case: T2\.intra\.original_/,
    );
    expect(first.assumptions[1].found).toMatch(
      /^intra, radiomics: [23] of 3 features have no value/,
    );
    const again = await extractCohort(cohort, asked, { cache, workers: 2 });
    expect(again.unitsComputed).toBe(0);
    expect(again.assumptions).toEqual(first.assumptions);
    const { notices } = withFeatures(cohort, again);
    expect(
      notices.filter((one) => /tenth of the features|no value in any case/.test(one)),
    ).toHaveLength(2);
  });

  it('does not replace a block of the cohort by an extractor of the same name', async () => {
    const cohort = some(2);
    const features = await extractCohort(cohort, extraction({ ...quick, regions: ['intra'] }), {
      cache: cacheOf('blocks'),
      workers: 1,
    });
    const blocks = { radiomics: features.blocks.radiomics as FeatureTable };
    expect(() => withFeatures({ ...cohort, blocks }, features)).toThrow(
      /two blocks .* the same name/,
    );
  });

  it('keeps the assumptions of a row with it in the cache, and gives them to each patient who takes the row', async () => {
    const cohort = some(2, (scans) => {
      scans.T2[1] = scans.T2[0];
    });
    const asked = extraction({ ...quick, regions: ['intra'] });
    const cache = cacheOf('assumptions');
    const first = await extractCohort(cohort, asked, { cache, workers: 1 });
    expect(first.assumptions).toEqual([]);
    const units = new UnitCache(join(cache, 'units'));
    const [key] = readdirSync(join(cache, 'units'), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.row'))
      .map((name) => name.slice(3, -'.row'.length));
    const row = units.read(key, 3) as UnitRow;
    const told = { kind: 'geometry-conflict', found: 'two spacings', taken: 'sform', why: 'rule' };
    units.write(key, { ...row, assumptions: [{ ...told, file: 'image' }] });
    const again = await extractCohort(cohort, asked, { cache, workers: 2 });
    expect(again.unitsComputed).toBe(0);
    const file = again.inputs.find(({ role }) => role === 'image')?.file;
    expect(again.assumptions).toEqual(
      cohort.patients.map((patient) => ({ ...told, patient, scan: 'T2', file })),
    );
    expect(withFeatures(cohort, again).assumptions).toEqual([
      ...(cohort.assumptions ?? []).filter(({ kind }) => kind < told.kind),
      ...again.assumptions,
      ...(cohort.assumptions ?? []).filter(({ kind }) => kind > told.kind),
    ]);
    const hidden = await extractCohort({ ...cohort, hidesPaths: true }, asked, { cache });
    expect(hidden.assumptions.map((one) => one.file)).toEqual([undefined, undefined]);
  });

  it('gives the values of the extractor itself, in the order of the cohort, under scan and region', async () => {
    const cohort = some(3);
    const { blocks, patients, unitsComputed, inputs } = await extractCohort(
      cohort,
      extraction({ ...quick, scans: ['CT', 'T2'] }),
      { cache: cacheOf('values'), workers: 2 },
    );
    expect(unitsComputed).toBe(3 * 2 * 2);
    expect(patients).toEqual(cohort.patients);
    const table = blocks.radiomics;
    expect(table?.columns.map(({ name }) => name).slice(0, 4)).toEqual([
      'CT.intra.original_shape_MeshVolume',
      'CT.intra.original_firstorder_Mean',
      'CT.intra.original_firstorder_Energy',
      'CT.peri.original_shape_MeshVolume',
    ]);
    const column = table?.columns.find(({ name }) => name === 'T2.intra.original_firstorder_Mean');
    expect(column).toMatchObject({ block: 'radiomics', modality: 'T2', region: 'intra' });
    const { image, mask } = cohort.images.T2[1] as ScanFiles;
    const { features } = new RadiomicsExtractor({ featureClass: { firstorder: ['Mean'] } }).execute(
      await readVolume(image),
      await readVolume(mask),
    );
    expect(column?.values[1]).toBe(features.original_firstorder_Mean);
    expect(inputs.filter(({ role }) => role === 'mask')).toHaveLength(6);
  });

  it('computes only what is new: a patient, a network, a filter; nothing twice; what was damaged again', async () => {
    const cache = cacheOf('units');
    const run = async (patients: number, choice: ExtractionChoice, workers = 1) => {
      const { unitsComputed, unitsReused, blocks, networks } = await extractCohort(
        some(patients),
        extraction(choice),
        { cache, workers },
      );
      return { computed: unitsComputed, reused: unitsReused, blocks, networks };
    };
    const first = await run(2, quick);
    expect(first).toMatchObject({ computed: 4, reused: 0 });
    const again = await run(2, quick, 2);
    expect(again).toMatchObject({ computed: 0, reused: 4 });
    expect(again.blocks).toEqual(first.blocks);
    expect(await run(3, quick)).toMatchObject({ computed: 2, reused: 4 });

    const both: ExtractionChoice = {
      ...quick,
      extractors: ['radiomics', 'resnet10'],
      weights: 'random',
      weightsSeed: 3,
    };
    const deep = await run(2, both);
    expect(deep).toMatchObject({ computed: 4, reused: 4 });
    expect(deep.networks).toMatchObject([{ extractor: 'resnet10', randomSeed: 3 }]);
    // The label of random weights goes wherever the column goes.
    const [column] = deep.blocks.resnet10?.columns ?? [];
    expect(column).toMatchObject({ name: 'T2.intra.resnet10-random3_0', block: 'resnet10' });
    expect(Array.from(column.values).every(Number.isFinite)).toBe(true);

    const filter = { ...quick.radiomics, imageType: { Original: {}, Gradient: {} } };
    expect(await run(2, { ...both, radiomics: filter })).toMatchObject({ computed: 4, reused: 4 });
    // Another ring: the tumours themselves stay.
    expect(await run(2, { ...quick, ringMm: 8 })).toMatchObject({ computed: 2, reused: 2 });

    const rows = readdirSync(join(cache, 'units'), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.row'))
      .map((name) => join(cache, 'units', name));
    for (const path of rows) {
      const bytes = readFileSync(path);
      bytes[bytes.length - 3] ^= 1;
      writeFileSync(path, bytes);
    }
    const mended = await run(2, quick);
    expect(mended).toMatchObject({ computed: 4, reused: 0 });
    expect(mended.blocks).toEqual(first.blocks);
  });

  it('leaves out patients whose files are at fault, says why, and goes on', async () => {
    const bad = (name: string, bytes: Uint8Array) => {
      const path = join(folder, name);
      writeFileSync(path, bytes);
      return path;
    };
    const cohort = some(7);
    const files = (row: number) => cohort.images.T2[row] as ScanFiles;
    const mask = await readVolume(files(3).mask);
    const other = { ...mask, origin: [0, 0, 0] as const };
    cohort.images.T2[0] = { ...files(0), mask: join(folder, 'nowhere.nii.gz') };
    cohort.images.T2[2] = {
      ...files(2),
      image: bad('cut.nii.gz', readFileSync(files(2).image).subarray(0, 3000)),
    };
    cohort.images.T2[3] = { ...files(3), mask: bad('moved.nii.gz', niftiBytes(other)) };
    const empty = { ...mask, data: new Uint8Array(mask.data.length) };
    cohort.images.T2[5] = { ...files(5), mask: bad('empty.nii.gz', niftiBytes(empty)) };
    const features = await extractCohort(cohort, extraction(quick), {
      cache: cacheOf('faults'),
      workers: 1,
    });
    expect(features.failures.map(({ patient, code }) => [patient, code])).toEqual([
      ['SYN_001', 'file-missing'],
      ['SYN_003', expect.stringMatching(/gzip|truncated|bad/)],
      ['SYN_004', 'geometry-mismatch'],
      ['SYN_006', 'empty-mask'],
    ]);
    const { patients, blocks, endpoints, excluded, notices } = withFeatures(cohort, features);
    expect(patients).toEqual(['SYN_002', 'SYN_005', 'SYN_007']);
    expect(blocks.radiomics.patients).toEqual(patients);
    expect(endpoints.pcr.labels).toEqual(
      Int8Array.from([1, 4, 6], (row) => cohort.endpoints.pcr.labels[row]),
    );
    expect(excluded[2].reason).toMatch(/^geometry-mismatch: .*mm apart/);
    expect(notices[0]).toMatch(/extraction failed: 4 patients \(SYN_001, SYN_003/);
  });

  it('imputes or drops a patient without a scan, as ruled, and counts them', async () => {
    const cohort = some(3, ({ T2, CT }) => {
      T2[0] = undefined;
      T2[2] = undefined;
      CT[2] = undefined;
    });
    const both = { ...quick, scans: ['T2', 'CT'] };
    const options = { cache: cacheOf('lacking'), workers: 1 };
    const imputed = await extractCohort(cohort, extraction(both), options);
    expect(imputed.patients).toEqual(['SYN_001', 'SYN_002']);
    expect(imputed.missingScans).toEqual([
      { patient: 'SYN_001', scans: ['T2'], left: 'imputed' },
      { patient: 'SYN_003', scans: ['T2', 'CT'], left: 'out' },
    ]);
    for (const { modality, values } of imputed.blocks.radiomics?.columns ?? []) {
      expect(Number.isNaN(values[0])).toBe(modality === 'T2');
    }
    const dropped = await extractCohort(
      cohort,
      extraction({ ...both, missingScan: 'drop' }),
      options,
    );
    expect(dropped.patients).toEqual(['SYN_002']);
    expect(withFeatures(cohort, dropped).excluded[0]).toEqual({
      patient: 'SYN_001',
      reason: 'no scan of T2',
    });
  });

  it('refuses a scan that the cohort lacks and settings that are wrong, before it reads anything', async () => {
    const refused = async (choice: Partial<ExtractionChoice>) =>
      extractCohort(some(2), extraction({ ...quick, ...choice }), { cache: cacheOf('none') });
    await expect(refused({ scans: ['ceT2'] })).rejects.toThrow(/did you mean ceT1/);
    await expect(refused({ byScan: { CT: {} } })).rejects.toThrow(/not extracted/);
    await expect(refused({ radiomics: { setting: { binwidth: 5 } as never } })).rejects.toThrow(
      /binWidth/,
    );
    await expect(refused({ deep: { sise: 16 } as never })).rejects.toThrow(/size/);
    const none = { extractors: ['resnet10' as const], weights: 'installed' as const };
    await expect(
      extractCohort(some(2), extraction({ ...quick, ...none }), {
        cache: cacheOf('none'),
        models: folder,
      }),
    ).rejects.toThrow(/not here/);
  });

  it.each([1, 2])('stops where the cache cannot be written (%i workers)', async (workers) => {
    const cache = cacheOf(`unwritable-${workers}`);
    mkdirSync(cache);
    writeFileSync(join(cache, 'units'), 'a file where the folder should be');
    const stopped = extractCohort(some(2), extraction(quick), { cache, workers });
    await expect(stopped).rejects.toThrow(NacreError);
    await expect(stopped).rejects.toThrow(/cannot write/);
  });

  it.skipIf(shared === undefined)(
    'takes real scans from their own manifest (two STS patients)',
    async () => {
      const sts = await loadCohort('sts', { mirror: join(shared ?? '', 'datasets/sts') });
      const rows = [1, 2];
      const two: Cohort = {
        ...sts,
        patients: rows.map((row) => sts.patients[row]),
        images: { T1: rows.map((row) => sts.images?.T1[row]) },
      };
      const { failures, blocks } = await extractCohort(
        two,
        extraction({
          ...quick,
          scans: ['T1'],
          extractors: ['radiomics', 'resnet10'],
          weights: 'random',
        }),
        { cache: cacheOf('units'), workers: 1 },
      );
      expect(failures).toEqual([]);
      for (const table of [blocks.radiomics, blocks.resnet10]) {
        for (const { values } of table?.columns ?? [])
          expect(values.every(Number.isFinite)).toBe(true);
      }
    },
  );
});

describe('a scan that changes while a run goes on', () => {
  it('leaves nothing under the hash of what it was before', async () => {
    const cohort = some(2);
    const { image } = cohort.images.T2[1] as ScanFiles;
    const before = readFileSync(image);
    const other = readFileSync((cohort.images.T2[0] as ScanFiles).image);
    const cache = cacheOf('changed');
    const disturbed = await extractCohort(cohort, extraction(quick), {
      cache,
      workers: 1,
      // Called between planning, which hashes the files, and extraction, which reads them.
      progress: () => {
        writeFileSync(image, other);
        return silentProgress;
      },
    });
    expect(disturbed.failures).toMatchObject([{ patient: 'SYN_002', code: 'file-changed' }]);
    expect(disturbed.patients).toEqual(['SYN_001']);
    writeFileSync(image, before);
    const again = await extractCohort(cohort, extraction(quick), { cache, workers: 1 });
    expect(again).toMatchObject({ unitsComputed: 2, unitsReused: 2 });
    const clean = await extractCohort(cohort, extraction(quick), {
      cache: cacheOf('clean'),
      workers: 1,
    });
    expect(again.blocks).toEqual(clean.blocks);
  });
});

describe('regions that are the same', () => {
  const deep = { size: 16, spacing: 4 };
  const networks = { ...quick, extractors: ['resnet10' as const], weights: 'random' as const };

  it('are refused where the settings make the second a copy, as they are read', async () => {
    const copy = extraction({ ...networks, deep: { ...deep, crop: 'image', region: 'boxed' } });
    await expect(extractCohort(some(2), copy, { cache: cacheOf('units') })).rejects.toThrow(
      /both regions would have the same deep features.*regions: \[intra\]/,
    );
    const one = extraction({
      ...networks,
      regions: ['intra'],
      deep: { ...deep, crop: 'image', region: 'boxed' },
    });
    const { patients } = await extractCohort(some(1), one, { cache: cacheOf('units') });
    expect(patients).toHaveLength(1);
  });

  it('are noted for each patient whose boxes agree', async () => {
    // The ring's box is grown to the same cube of 16 voxels; nothing outside the region is hidden.
    const boxed = extraction({ ...networks, deep: { ...deep, region: 'boxed' } });
    const { assumptions } = await extractCohort(some(1), boxed, { cache: cacheOf('units') });
    expect(assumptions.filter(({ kind }) => kind === 'regions-same')).toMatchObject([
      { patient: 'SYN_001', scan: 'T2', found: expect.stringMatching(/512 of 512 columns/) },
    ]);
  });
});

describe('masks of probabilities', () => {
  it('are refused without a threshold and read with one, of the study or of the manifest', async () => {
    const cohort = some(1);
    const { image, mask } = cohort.images.T2[0] as ScanFiles;
    const drawn = await readVolume(mask);
    const soft = join(folder, 'soft.nii.gz');
    const data = Float32Array.from(drawn.data as ArrayLike<number>, (x) => 0.8 * x);
    writeFileSync(soft, niftiBytes({ ...drawn, data }));
    cohort.images.T2[0] = { image, mask: soft };
    const run = (change: Partial<ExtractionChoice>, of: Partial<Cohort> = {}) =>
      extractCohort({ ...cohort, ...of }, extraction({ ...quick, ...change }), {
        cache: cacheOf('soft'),
        workers: 1,
      });
    await expect(run({})).rejects.toThrow(/not whole.*--mask-threshold 0\.5.*maskThreshold: 0\.5/);
    const hard = await extractCohort(some(1), extraction(quick), { cache: cacheOf('hard') });
    const volume = (features: typeof hard) => features.blocks.radiomics?.columns[0].values[0];
    expect(volume(await run({ maskThreshold: 0.5 }))).toBe(volume(hard));
    expect(volume(await run({}, { maskThresholds: { T2: 0.5 } }))).toBe(volume(hard));
    expect(volume(await run({ byScan: { T2: { maskThreshold: 0.5 } } }))).toBe(volume(hard));
  });
});
