import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadCohort } from '../../src/cohort/load-cohort.ts';
import { geometryOf, type Mask, type Volume } from '../../src/imaging/volume.ts';
import { balancedAccuracy } from '../../src/report/figures/balanced-accuracy.ts';
import { cohortLine } from '../../src/report/figures/cohort-line.ts';
import { confusion } from '../../src/report/figures/confusion.ts';
import { differences } from '../../src/report/figures/differences.ts';
import { missingness } from '../../src/report/figures/missingness.ts';
import { mrmrSteps } from '../../src/report/figures/mrmr-steps.ts';
import { permuted } from '../../src/report/figures/permuted.ts';
import { selectionMatrix } from '../../src/report/figures/selection-matrix.ts';
import { threePlanes } from '../../src/report/figures/three-planes.ts';
import { type OpenedRun, openRun } from '../../src/report/open-run.ts';
import type { EndpointResults } from '../../src/study/results.ts';
import { writeSyntheticRun } from './synthetic-run.ts';

// What a figure draws is what results.json holds: each test reads the numbers back from the traces.

let run: OpenedRun;
let endpoint: EndpointResults;
beforeAll(async () => {
  run = await openRun(writeSyntheticRun(mkdtempSync(join(tmpdir(), 'nacre-figures-'))));
  [endpoint] = run.results.endpoints;
});

interface Trace {
  type: string;
  name?: string;
  x: number[];
  y: number[];
  z?: number[][];
  error_x?: { array: number[]; arrayminus?: number[] };
}
const traces = (figure: { data: object[] }) => figure.data as Trace[];

it('balanced accuracy: a box per feature set with its partitions, a diamond per published number', () => {
  const drawn = traces(balancedAccuracy(run));
  const boxes = drawn.filter(({ type }) => type === 'box');
  expect(boxes.map(({ x }) => x)).toEqual(
    endpoint.featureSets.map(({ partitions }) =>
      partitions.map(({ metrics }) => metrics.balancedAccuracy),
    ),
  );
  const published = endpoint.published.flatMap(({ balancedAccuracy: value }) => value ?? []);
  expect(drawn.filter(({ type }) => type === 'scatter').map(({ x }) => x[0])).toEqual(published);
});

it('balanced accuracy: only the sets asked for, in their order, of the endpoint asked for', () => {
  const drawn = balancedAccuracy(run, { endpoint: 'response', featureSets: ['radiomics'] });
  expect(drawn.name).toBe('response-balanced-accuracy');
  expect(traces(drawn).filter(({ type }) => type === 'box')).toHaveLength(1);
  expect(() => balancedAccuracy(run, { featureSets: ['nobody'] })).toThrow(/nobody/);
});

it('confusion: rows of shares sum to 1, and their diagonal averages to the balanced accuracy', () => {
  const drawn = traces(confusion(run));
  expect(drawn).toHaveLength(endpoint.featureSets.length);
  for (const { z = [] } of drawn) {
    for (const row of z) expect(row[0] + row[1]).toBeCloseTo(1, 12);
    expect((z[0][0] + z[1][1]) / 2).toBeGreaterThan(0.4);
  }
});

it('differences: mean and both ends of the interval of every comparison', () => {
  const [{ x, error_x: error }] = traces(differences(run));
  const pairs = endpoint.comparisons.filter(({ metric }) => metric === 'balancedAccuracy');
  expect(pairs.length).toBeGreaterThan(0);
  expect(x).toEqual(pairs.map(({ difference }) => difference));
  pairs.forEach(({ difference, low, high }, i) => {
    expect(difference + (error?.array[i] ?? Number.NaN)).toBeCloseTo(high, 12);
    expect(difference - (error?.arrayminus?.[i] ?? Number.NaN)).toBeCloseTo(low, 12);
  });
  expect(traces(differences(run, { top: 1 }))[0].x).toHaveLength(1);
});

it('permuted: every shuffled result, and the real one', () => {
  const [shuffled, , real] = traces(permuted(run));
  const audited = endpoint.featureSets.filter(({ audit }) => audit !== undefined);
  expect(audited.length).toBeGreaterThan(0);
  expect(shuffled.x).toEqual(audited.flatMap(({ audit }) => audit?.balancedAccuracy ?? []));
  expect(real.x).toEqual(audited.map(({ summary }) => summary.balancedAccuracy.mean));
});

it('selection matrix: a column per partition', () => {
  const [{ z = [] }] = traces(selectionMatrix(run, { top: 3 }));
  expect(z.length).toBeLessThanOrEqual(3);
  for (const row of z) expect(row).toHaveLength(run.results.study.partitions);
});

it('mRMR steps: a mark per pick, whether elimination kept it or not', () => {
  const pick = (feature: string, relevance: number) => ({
    feature,
    relevance,
    redundancy: 0,
    score: relevance,
  });
  const trail = { mrmr: [pick('a', 3), pick('b', 2), pick('c', 1)], eliminated: [['b']] };
  const drawn = traces(mrmrSteps(trail as never));
  expect(drawn.flatMap(({ x }) => x)).toHaveLength(3);
});

it('missingness: the share of missing values per class', async () => {
  const cohort = await loadCohort('synthetic-table');
  const [positive, negative] = traces(missingness(cohort, { top: 4 }));
  expect(positive.x).toHaveLength(4);
  const labels = Object.values(cohort.endpoints)[0].labels;
  const shares = cohort.blocks.clinical.columns.map(({ values }) =>
    [1, 0].map((label) => {
      const rows = cohort.patients.flatMap((_, row) => (labels[row] === label ? [row] : []));
      return rows.filter((row) => Number.isNaN(values[row])).length / rows.length;
    }),
  );
  positive.x.forEach((share, i) => {
    expect(shares).toContainEqual([share, negative.x[i]]);
  });
});

it('the line of the cohort counts patients and says synthetic', () => {
  const line = cohortLine(run, endpoint);
  expect(line).toContain('SYNTHETIC patients');
  expect(line).toContain(`${endpoint.patients} patients, ${endpoint.positives} pCR`);
});

describe('three planes', () => {
  const volume: Volume = {
    size: [6, 5, 4],
    spacing: [1, 2, 3],
    origin: [0, 0, 0],
    direction: [1, 0, 0, 0, 1, 0, 0, 0, 1],
    data: Float64Array.from({ length: 120 }, (_, i) => i),
  };
  const mask: Mask = { ...geometryOf(volume), data: new Uint8Array(120) };
  mask.data[2 + 6 * (2 + 5 * 1)] = 1;

  it('outlines the region in each plane, and says synthetic where it is', () => {
    const drawn = threePlanes(volume, { regions: { tumour: mask }, synthetic: true });
    const outlines = traces(drawn).filter(({ name }) => name === 'tumour');
    expect(outlines).toHaveLength(3);
    for (const { x, y } of outlines) expect(x.length).toBe(y.length);
    expect(JSON.stringify(drawn.layout.title)).toContain('SYNTHETIC volume');
  });

  it('refuses a region on another grid, by its name', () => {
    const other: Mask = { ...mask, spacing: [1, 1, 1] };
    expect(() => threePlanes(volume, { regions: { tumour: other } })).toThrow(/tumour/);
  });
});
