import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { loadCohort } from '../../src/cohort/load-cohort.ts';
import { readStudyConfig } from '../../src/study/config.ts';
import { openPartition } from '../../src/study/open-partition.ts';
import { labelledTable, type OpenedStudy, openStudy } from '../../src/study/open-study.ts';
import type { Run } from '../../src/study/run-folder.ts';
import { runStudy } from '../../src/study/run-study.ts';

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
