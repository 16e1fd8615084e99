import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { loadCohort } from '../../src/cohort/load-cohort.ts';
import { writeParquet } from '../../src/machine/parquet.ts';
import { configHash, readStudyConfig } from '../../src/study/config.ts';
import { openPartition } from '../../src/study/open-partition.ts';
import { labelledTable, type OpenedStudy, openStudy } from '../../src/study/open-study.ts';
import { prepareCohort } from '../../src/study/prepare-cohort.ts';
import { type Run, runFiles } from '../../src/study/run-folder.ts';
import { runStudy } from '../../src/study/run-study.ts';
import { selectRows } from '../../src/table/join-tables.ts';

const folder = mkdtempSync(join(tmpdir(), 'nacre-open-'));
const file = join(folder, 'small.yaml');
const text = `
id: small
title: Two partitions of the synthetic patients
cohort: synthetic-table
endpoints: [response]
featureSets:
  - { id: both, blocks: [radiomics, clinical] }
seed: 7
partitions: 2
pipeline:
  correlationThreshold: 0.9
  mrmr: { method: fcq, features: 12 }
  rfe: { features: 4, step: 3 }
  booster: { rounds: [20, 40], maxDepth: [2] }
`;
let run: Run;
let study: OpenedStudy;

beforeAll(async () => {
  writeFileSync(file, text);
  run = await runStudy(readStudyConfig(file), await loadCohort('synthetic-table'), {
    out: join(folder, 'run'),
    workers: 1,
  });
  study = await openStudy(file, run);
});

it('gives the tables of the run with the labels of the cohort', () => {
  const { table, labels } = labelledTable(study, 'response', 'both');
  const [set] = run.results.endpoints[0].featureSets;
  expect(table.columns).toHaveLength(set.candidates);
  expect(labels).toHaveLength(set.patients);
  expect(labels.reduce((sum, label) => sum + label, 0)).toBe(set.positives);
  expect(() => labelledTable(study, 'response', 'bath')).toThrow('both');
});

it('a partition opened again is the one of the run, step by step', async () => {
  const opened = await openPartition(study, run, { partition: 1 });
  expect(opened.agreesWithRun).toBe(true);
  const { trail, selected } = opened.fitted;
  expect(trail.steps.map(({ name }) => name)).toEqual([
    'candidates',
    'impute',
    'variance',
    'scale',
    'correlation',
    'mrmr',
    'rfe',
  ]);
  expect(trail.steps.at(-2)?.columns).toBe(12);
  expect(trail.steps.at(-1)?.columns).toBe(4);
  // 12 to 4 by threes: the last step drops only what is too many.
  expect(trail.eliminated.map((names) => names.length)).toEqual([3, 3, 2]);
  const ends = [...trail.eliminated.flat(), ...selected.map(({ feature }) => feature)];
  expect([...ends].sort()).toEqual(trail.mrmr.map(({ feature }) => feature).sort());
  expect(trail.mrmr[0].score).toBe(trail.mrmr[0].relevance);
  expect(trail.mrmr[0].relevance).toBe(Math.max(...trail.mrmr.map(({ relevance }) => relevance)));
  expect(opened.predictions).toHaveLength(run.partitions.response[1].test.patients.length);
});

it('refuses a run of another study file and a partition that is not there', async () => {
  const other = join(folder, 'other.yaml');
  writeFileSync(other, text.replace('seed: 7', 'seed: 8'));
  await expect(openStudy(other, run)).rejects.toThrow('made by another study file');
  await expect(openPartition(study, run, { partition: 2 })).rejects.toThrow('0 to 1');
});

it('scans go with the patients of the run, where the cohort has more of them in another order', async () => {
  const place = mkdtempSync(join(tmpdir(), 'nacre-scans-'));
  const ids = ['A', 'B', 'C', 'D'];
  for (const id of ids)
    for (const kind of ['scan', 'mask']) writeFileSync(join(place, `${id}-${kind}.nii`), '');
  writeFileSync(
    join(place, 'list.csv'),
    `id,age,pcr\n${ids.map((id, i) => `${id},${40 + i},${i % 2}`).join('\n')}\n`,
  );
  const column = { meaning: 'made by code', measured: 'baseline', type: 'number', unit: 'a' };
  const manifest = {
    format: 'nacre-cohort-1',
    id: 'four',
    title: 'Four, made by code',
    citation: 'none',
    licence: 'none',
    synthetic: true,
    tables: [
      {
        id: 'list',
        file: 'list.csv',
        format: 'csv',
        patient: { column: 'id' },
        columns: { age: { ...column, name: 'age' } },
      },
    ],
    predictors: ['age'],
    images: { T2: { image: '{patient}-scan.nii', mask: '{patient}-mask.nii' } },
  };
  writeFileSync(join(place, 'manifest.json'), JSON.stringify(manifest));
  const scanned = join(place, 'study.yaml');
  writeFileSync(scanned, text.replace('synthetic-table', './manifest.json'));
  const config = readStudyConfig(scanned);
  const { cohort } = await prepareCohort({ cohort: config.cohort }, { studyFile: scanned });
  // Of a run only what is opened: the tables, and what they were made by.
  mkdirSync(join(place, 'run', runFiles.features), { recursive: true });
  const rows = selectRows(cohort.blocks.clinical, [3, 0, 1]);
  writeParquet(join(place, 'run', runFiles.features, 'clinical.parquet'), rows);
  const results = {
    study: { id: 'small', configSha256: configHash(config) },
    cohort: { notices: [], excluded: [] },
  };
  const { patients, images } = (
    await openStudy(scanned, { folder: join(place, 'run'), results } as unknown as Run)
  ).cohort;
  expect(patients).toEqual(['D', 'A', 'B']);
  expect(images?.T2.map((files) => files?.image.slice(place.length + 1))).toEqual([
    'D-scan.nii',
    'A-scan.nii',
    'B-scan.nii',
  ]);
});
