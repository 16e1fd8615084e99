import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Cohort, ScanFiles } from '../../src/cohort/cohort.ts';
import { loadCohort } from '../../src/cohort/load-cohort.ts';
import { writePhantom } from '../../src/cohort/phantom/write-phantom.ts';
import { extractCohort } from '../../src/features/extract-cohort.ts';
import { type ExtractionChoice, extraction } from '../../src/features/extraction.ts';
import { perturbationSchema } from '../../src/features/perturbation-settings.ts';
import { niftiBytes } from '../../src/imaging/nifti-bytes.ts';
import { icc } from '../../src/learning/icc.ts';
import { readRows } from '../../src/machine/parquet.ts';
import { readMask } from '../../src/machine/read-volume.ts';
import { figures } from '../../src/report/figures.ts';
import { openRun } from '../../src/report/open-run.ts';
import { tables } from '../../src/report/tables.ts';
import { parseStudyConfig, readStudyConfig } from '../../src/study/config.ts';
import { openPartition } from '../../src/study/open-partition.ts';
import { openStudy } from '../../src/study/open-study.ts';
import { prepareCohort } from '../../src/study/prepare-cohort.ts';
import { runStudy } from '../../src/study/run-study.ts';

let folder: string;
let phantom: Cohort;
let place: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'nacre-perturb-'));
  const { manifest } = await writePhantom(
    { patients: 12, seed: 1, signal: 1, missingScans: 0 },
    { out: join(folder, 'in'), workers: 1 },
  );
  place = manifest;
  phantom = { ...(await loadCohort(manifest)), blocks: {} };
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const asked = extraction({
  scans: ['T2'],
  extractors: ['radiomics'],
  radiomics: { featureClass: { shape: ['MeshVolume'], firstorder: ['Mean'] } },
});
const means: ExtractionChoice['radiomics'] = { featureClass: { firstorder: ['Mean'] } };
const perturb = perturbationSchema.parse({ times: 2 });

describe('extractCohort with redraws', () => {
  it('measures each outline again, from the cache the second time, the same whatever the workers', async () => {
    const cache = join(folder, 'cache');
    const T2 = phantom.images?.T2.slice(0, 3) ?? [];
    const cohort = { ...phantom, patients: phantom.patients.slice(0, 3), images: { T2 } };
    const first = await extractCohort(cohort, asked, { cache, workers: 1, perturb });
    // 3 patients, 2 regions, the outline as it is and 2 redraws.
    expect([first.unitsComputed, first.redraws?.length]).toEqual([18, 2]);
    const again = await extractCohort(cohort, asked, { cache, workers: 2, perturb });
    expect(again.unitsComputed).toBe(0);
    expect(again.redraws).toEqual(first.redraws);
    const elsewhere = join(folder, 'cache-two');
    const two = await extractCohort(cohort, asked, { cache: elsewhere, workers: 2, perturb });
    expect(two.redraws).toEqual(first.redraws);
    // What is not redrawn is as without; a redraw is another outline.
    const plain = await extractCohort(cohort, asked, { cache, workers: 1 });
    expect(plain.unitsComputed).toBe(0);
    expect(plain.blocks).toEqual(first.blocks);
    expect(plain.redraws).toBeUndefined();
    const volume = ({ radiomics }: typeof first.blocks) =>
      radiomics.columns.find(({ name }) => name === 'T2.intra.original_shape_MeshVolume')?.values;
    expect(volume(first.redraws![0])).not.toEqual(volume(first.blocks));
    // More redraws leave those that are there as they were.
    const more = { ...perturb, times: 3 };
    const three = await extractCohort(cohort, asked, { cache, workers: 1, perturb: more });
    expect(three.unitsComputed).toBe(6);
    expect(three.redraws?.slice(0, 2)).toEqual(first.redraws);
    // Another seed draws others.
    const other = { ...perturb, seed: 1 };
    const elsewise = await extractCohort(cohort, asked, { cache, workers: 1, perturb: other });
    expect(elsewise.unitsComputed).toBe(12);
  });

  it('keeps a patient whose redraw fails, with missing values there and a note', async () => {
    // Of a region of one slice nothing is left where the grid is shifted by more than half a voxel.
    const files = phantom.images?.T2?.[0] as ScanFiles;
    const mask = await readMask(files.mask);
    const data = new Uint8Array(mask.data.length);
    const [nx, ny, nz] = mask.size;
    const middle = nx / 2 + nx * (ny / 2 + ny * Math.floor(nz / 2));
    for (const at of [0, 1, 2, nx, nx + 1, nx + 2]) data[middle + at] = 1;
    const tiny = join(folder, 'tiny_mask.nii.gz');
    writeFileSync(tiny, niftiBytes({ ...mask, data }));
    const T2 = [{ ...files, mask: tiny }, phantom.images?.T2?.[1]];
    const cohort = { ...phantom, patients: phantom.patients.slice(0, 2), images: { T2 } };
    const shifted = perturbationSchema.parse({
      ...{ times: 8, rotate: 0, translate: 1, volume: 'none', contour: false },
    });
    const mean = extraction({ ...asked, regions: ['intra'], radiomics: means });
    const options = { cache: join(folder, 'cache-fail'), workers: 1, perturb: shifted };
    const { patients, failures, redraws, assumptions } = await extractCohort(cohort, mean, options);
    expect([patients, failures]).toEqual([cohort.patients, []]);
    const values = redraws!.map(({ radiomics }) => [...radiomics.columns[0].values]);
    const lost = values.filter(([first]) => Number.isNaN(first)).length;
    expect(lost).toBeGreaterThan(0);
    expect(values.every(([, second]) => Number.isFinite(second))).toBe(true);
    const noted = assumptions.filter(({ kind }) => kind === 'redraw-failed');
    expect(noted).toHaveLength(lost);
    expect(noted[0]).toMatchObject({ patient: cohort.patients[0], scan: 'T2' });
    expect(noted[0].found).toMatch(/^redraw \d: (empty-mask|few-dimensions)/);
  });
});

const yaml = `
id: stable
title: Stable features
cohort: manifest.json
endpoints: [pcr]
extraction:
  scans: [T2]
  regions: [intra]
  extractors: [radiomics]
  radiomics: { featureClass: { shape: [MeshVolume, Elongation], firstorder: [Mean, Minimum] } }
perturb: { times: 3, rotate: 5, volume: { percent: 20 }, contour: false }
sets: { radiomics: { extractor: radiomics }, both: { extractor: radiomics, clinical: true } }
pipeline: { stability: { icc: '1,1', atLeast: 0.75 }, booster: { rounds: [10], maxDepth: [1] } }
partitions: 2
seed: 3
`;

describe('a study with perturb', () => {
  it('filters by training patients, describes every feature, and is opened again', async () => {
    const file = join(folder, 'stable.yaml');
    writeFileSync(file, yaml.replace('manifest.json', place));
    const config = readStudyConfig(file);
    const options = { studyFile: file, cache: join(folder, 'cache-study'), workers: 1 };
    const { cohort, extracted } = await prepareCohort(config, options);
    const out = join(folder, 'run');
    const run = await runStudy(config, cohort, { out, workers: 1, extracted });
    const { perturbation } = run.results;
    expect(perturbation).toMatchObject({ times: 3, icc: '1,1', atLeast: 0.75 });
    expect(perturbation?.groups).toMatchObject([{ block: 'radiomics', scan: 'T2', features: 4 }]);
    const rows = await readRows<Record<string, number | string>>(join(out, 'perturbation.parquet'));
    expect(rows).toHaveLength(4);
    const volume = rows.find(({ feature }) => String(feature).endsWith('MeshVolume'));
    const draws = cohort.redraws?.radiomics ?? [];
    const own = draws.map(({ columns }) => columns.find(({ name }) => name === volume?.feature));
    const values = cohort.patients.flatMap((_, row) => own.map((column) => column!.values[row]));
    expect(volume?.['icc(1,1)']).toBe(icc(values, 3)['1,1'].icc);
    expect(volume?.['icc(1,1)']).toBeGreaterThan(0.75);
    const opened = await openStudy(file, run, options);
    const partition = await openPartition(opened, run, { featureSet: 'both', partition: 1 });
    expect(partition.agreesWithRun).toBe(true);
    expect(partition.fitted.trail.steps[1].name).toBe('stability');
    const shown = await openRun(out);
    expect(tables.perturbation(shown)).toHaveLength(1);
    expect(figures.perturbation(shown).data.length).toBeGreaterThan(0);
  });

  it('asks for extraction, and for redraws where the pipeline filters by them', () => {
    expect(() => parseStudyConfig(yaml.replace(/\nperturb:.*/, ''), 'x.yaml')).toThrow(
      /stability filter needs redrawn outlines/,
    );
    const bare = yaml.replace(/\nextraction:(\n {2}.*)+/, '').replace(/stability: \{.*?\}, /, '');
    expect(() => parseStudyConfig(bare, 'x.yaml')).toThrow(/only where scans are extracted/);
  });
});
