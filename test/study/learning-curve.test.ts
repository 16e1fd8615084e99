import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Cohort } from '../../src/cohort/cohort.ts';
import { RandomStream } from '../../src/runtime/random-stream.ts';
import { parseStudyConfig } from '../../src/study/config.ts';
import { type Contribution, readContributions } from '../../src/study/contributions.ts';
import { shareOfTraining } from '../../src/study/learning-curve.ts';
import { type Prediction, readPredictions } from '../../src/study/predictions.ts';
import type { Run } from '../../src/study/run-folder.ts';
import { runStudy } from '../../src/study/run-study.ts';
import { featureTable } from '../../src/table/feature-table.ts';

/** Sixty patients, two columns that help, two that do not, some values missing. */
function cohort(): Cohort {
  const stream = RandomStream.of(3, 'curve');
  const patients = Array.from({ length: 60 }, (_, i) => `S${i}`);
  const labels = Int8Array.from(patients, (_, i) => (i % 3 === 0 ? 1 : 0));
  const columns = ['a', 'b', 'c', 'd'].map((name, c) => ({
    name: `table.${name}`,
    block: 'table',
    values: Float64Array.from(labels, (label, i) =>
      c === 1 && i % 7 === 0 ? Number.NaN : (c < 2 ? 1.5 * label : 0) + stream.normal(),
    ),
  }));
  return {
    id: 'curve',
    title: 'curve',
    citation: 'test/study/learning-curve.test.ts',
    licence: 'MIT',
    synthetic: true,
    patients,
    blocks: { table: featureTable(patients, columns) },
    endpoints: {
      pcr: { id: 'pcr', title: 'pCR', positiveName: 'pCR', negativeName: 'non-pCR', labels },
    },
    notices: [],
    excluded: [],
    inputs: [],
  };
}

const config = (curve: string) =>
  parseStudyConfig(
    `
id: curve
title: curve
cohort: curve
endpoints: [pcr]
featureSets: [{ id: all, blocks: [table] }]
seed: 5
partitions: 4
audit: { permutations: 1 }
pipeline: { booster: { rounds: [20], maxDepth: [2] } }
${curve}
`,
    'curve.yaml',
  );

let run: Run;
let contributions: Contribution[];
let predictions: Prediction[];
beforeAll(async () => {
  const out = mkdtempSync(join(tmpdir(), 'nacre-curve-'));
  run = await runStudy(config('learningCurve: { shares: [0.75, 0.4] }'), cohort(), {
    out,
    workers: 1,
  });
  contributions = await readContributions(out);
  predictions = await readPredictions(out);
});

describe('a learning curve', () => {
  it('has a point per share, fewest patients first, and ends in the study itself', () => {
    const [set] = run.results.endpoints[0].featureSets;
    const points = set.learningCurve ?? [];
    expect(points.map(({ share }) => share)).toEqual([0.4, 0.75, 1]);
    expect(points.map(({ trainPatients }) => trainPatients)).toEqual([19, 36, 48]);
    expect(points[2].metrics.auc.mean).toBe(set.summary.auc.mean);
    for (const { metrics } of points) expect(metrics.balancedAccuracy.values).toHaveLength(4);
  });

  it('changes no number of the study', async () => {
    const out = mkdtempSync(join(tmpdir(), 'nacre-curve-'));
    const without = await runStudy(config(''), cohort(), { out, workers: 1 });
    const [a, b] = [run, without].map(({ results }) => results.endpoints[0].featureSets[0]);
    expect(b.learningCurve).toBeUndefined();
    expect({ ...a, learningCurve: undefined }).toEqual({ ...b, learningCurve: undefined });
  });

  it('takes smaller shares out of larger ones, both classes, never a test row', () => {
    const labels = cohort().endpoints.pcr.labels;
    const train = Array.from({ length: 48 }, (_, i) => i + 3);
    const of = (share: number, index = 0) => shareOfTraining({ train, index }, labels, share, 5);
    const [small, large] = [of(0.2), of(0.6)];
    expect(small.every((row) => large.includes(row) && train.includes(row))).toBe(true);
    expect(new Set(small.map((row) => labels[row]))).toEqual(new Set([0, 1]));
    expect(of(0.2)).toEqual(small);
    expect(of(0.2, 1)).not.toEqual(small);
  });

  it('refuses a set that the study lacks', () => {
    expect(() => config('learningCurve: { shares: [0.5], sets: [al] }')).toThrow(/all/);
  });
});

describe('contributions', () => {
  it('add up to the log-odds of every prediction of the real labels', () => {
    expect(predictions).toHaveLength(4 * 12);
    for (const { partition, patient, probability } of predictions) {
      const own = contributions.filter(
        (row) => row.partition === partition && row.patient === patient,
      );
      expect(own.map(({ feature }) => feature).sort()).toEqual(
        [...run.results.endpoints[0].featureSets[0].partitions[partition].selected].sort(),
      );
      const sum = own.reduce((total, row) => total + row.contribution, own[0].base);
      expect(1 / (1 + Math.exp(-sum))).toBeCloseTo(probability, 6);
    }
  });

  it('hold the values as they came, also where they are missing', () => {
    const table = cohort().blocks.table;
    for (const { patient, feature, value } of contributions) {
      const column = table.columns.find(({ name }) => name === feature);
      expect(value).toBe(column?.values[table.patients.indexOf(patient)]);
    }
    expect(contributions.some(({ value }) => Number.isNaN(value))).toBe(true);
  });
});

it('the terms of a straight line add up, too', async () => {
  const out = mkdtempSync(join(tmpdir(), 'nacre-curve-'));
  const linear = config('').pipeline;
  await runStudy({ ...config(''), pipeline: { ...linear, classifier: 'logistic' } }, cohort(), {
    out,
    workers: 1,
  });
  const rows = await readContributions(out);
  for (const { partition, patient, probability } of await readPredictions(out)) {
    const own = rows.filter((row) => row.partition === partition && row.patient === patient);
    const sum = own.reduce((total, row) => total + row.contribution, own[0].base);
    expect(1 / (1 + Math.exp(-sum))).toBeCloseTo(probability, 10);
  }
});

describe('the description of an endpoint', () => {
  it('counts, quartiles and tests are those of all labelled patients', () => {
    const { description } = run.results.endpoints[0];
    expect(description?.tableOne.map(({ name }) => name)).toEqual(
      ['a', 'b', 'c', 'd'].map((name) => `table.${name}`),
    );
    const b = description?.tableOne[1];
    expect(b?.all).toMatchObject({ known: 51, missing: 9 });
    expect(b?.byClass.map(({ known }) => known)).toEqual([17, 34]);
    expect(description?.missing).toEqual([
      {
        block: 'table',
        columns: 4,
        incomplete: 1,
        worst: [{ name: 'table.b', positives: 3, negatives: 6 }],
      },
    ]);
    expect(description?.univariate.tests).toBe(4);
    expect(description?.univariate.top[0].auc).toBeGreaterThan(0.7);
  });
});
