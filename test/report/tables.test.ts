import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { calibrationNames } from '../../src/evaluation/evaluate-predictions.ts';
import { holm } from '../../src/evaluation/holm.ts';
import { metricNames } from '../../src/evaluation/metrics.ts';
import { type OpenedRun, openRun } from '../../src/report/open-run.ts';
import { tables } from '../../src/report/tables.ts';
import type { ModelEvaluation } from '../../src/study/evaluate-model.ts';
import { writeSyntheticRun } from './synthetic-run.ts';

let run: OpenedRun;
beforeAll(async () => {
  run = await openRun(writeSyntheticRun(mkdtempSync(join(tmpdir(), 'nacre-tables-'))));
});

it('without a table of the study every set is a row, with the numbers of results.json', () => {
  const [endpoint] = run.results.endpoints;
  const rows = tables.comparison(run);
  expect(rows.map((row) => row['feature set'])).toEqual(endpoint.featureSets.map((s) => s.title));
  expect(rows[1]['balanced accuracy']).toBe(endpoint.featureSets[1].summary.balancedAccuracy.mean);
  expect(rows[0]).not.toHaveProperty('published');
});

it('with a table of the study: its rows, the test against the reference, the published number of the set', () => {
  const own = structuredClone(run);
  const [endpoint] = own.results.endpoints;
  const pair = endpoint.comparisons.find(({ metric }) => metric === 'balancedAccuracy');
  if (pair === undefined) throw new Error('the made-up run compares nothing');
  endpoint.table = { reference: pair.a, sets: [pair.a, pair.b] };
  endpoint.published = [{ label: 'one', source: 'a paper', set: pair.b, balancedAccuracy: 0.7 }];
  const [reference, other] = tables.comparison(own);
  expect(reference.p).toBeUndefined();
  expect(other).toMatchObject({ 'reference minus this': pair.difference, published: 0.7 });
  expect(tables.published(own)).toMatchObject([{ published: 'one', source: 'a paper' }]);
});

it('paired tests carry Holm for all there are', () => {
  const { comparisons } = run.results.endpoints[0];
  const rows = tables.paired(run);
  expect(rows).toHaveLength(comparisons.length);
  const adjusted = holm(comparisons.map(({ p }) => p));
  rows.forEach((row, i) => {
    expect(row['p, Holm']).toBe(adjusted[i]);
  });
});

it('calibration compares predicted with observed on the held-out patients', () => {
  const [row] = tables.calibration(run);
  const [endpoint] = run.results.endpoints;
  const own = run.predictions.filter(
    (p) => p.endpoint === endpoint.id && p.featureSet === endpoint.featureSets[0].id,
  );
  const mean = own.reduce((sum, p) => sum + p.probability, 0) / own.length;
  expect(row['mean predicted']).toBeCloseTo(mean, 12);
  expect(Number.isFinite(row['calibration slope'])).toBe(true);
});

it('audits and origins are empty where the run has none', () => {
  const own = structuredClone(run);
  for (const set of own.results.endpoints[0].featureSets) delete set.audit;
  expect(tables.audit(own)).toEqual([]);
  expect(tables.audit(run).length).toBeGreaterThan(0);
  expect(tables.origins(run)).toEqual([]);
});

it('partitions count their patients, and those on both sides', () => {
  const other = structuredClone(run);
  const { id } = other.results.endpoints[0];
  const side = (patients: string[]) => ({ patients, positives: 1, sha256: 'abcdef0123456789' });
  const partition = (index: number, train: string[], test: string[]) => ({
    ...{ index, seed: 7 + index, train: side(train), test: side(test) },
  });
  other.partitions = {
    [id]: [partition(0, ['A', 'B', 'C'], ['D', 'E']), partition(1, ['A', 'B', 'D'], ['C', 'D'])],
  };
  const [sound, leaking] = tables.partitions(other, { endpoint: id });
  expect(sound).toMatchObject({ partition: 0, seed: 7, train: 3, test: 2, 'on both sides': 0 });
  expect(sound['test ids, SHA-256']).toBe('abcdef012345');
  expect(leaking).toMatchObject({ partition: 1, 'on both sides': 1 });
});

it('a model asked elsewhere: every metric and the numbers of calibration by name, each with its interval', () => {
  const estimate = (value: number) => ({ value, low: value - 0.1, high: null });
  const of = (names: readonly string[]) =>
    Object.fromEntries(names.map((name, i) => [name, estimate(i)]));
  const results = { metrics: of(metricNames), calibration: of(Object.keys(calibrationNames)) };
  const rows = tables.elsewhere({ results } as unknown as ModelEvaluation);
  expect(rows).toHaveLength(metricNames.length + Object.keys(calibrationNames).length);
  expect(rows[0]).toEqual({ number: 'balanced accuracy', value: 0, '95% low': -0.1 });
  // No id of the results is left.
  expect(rows.map(({ number }) => String(number)).join()).not.toMatch(/[a-z][A-Z]|f1/);
});
