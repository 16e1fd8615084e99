import { describe, expect, it } from 'vitest';
import { evaluatePartition } from '../../src/evaluation/evaluate-partition.ts';
import { metricNames, metricsAt } from '../../src/evaluation/metrics.ts';
import { Imputer } from '../../src/learning/imputer.ts';
import { Mrmr, type MrmrMethod } from '../../src/learning/mrmr.ts';
import { Pipeline } from '../../src/learning/pipeline.ts';
import { type PipelineSettings, pipelineConfig } from '../../src/learning/pipeline-config.ts';
import { eliminate } from '../../src/learning/rfe.ts';
import { splitRows } from '../../src/learning/rows.ts';
import { Scaler } from '../../src/learning/scaler.ts';
import { VarianceFilter } from '../../src/learning/variance-filter.ts';
import { boosterMatrix } from '../../src/learning/xgboost/booster-matrix.ts';
import { loadMlXgboost } from '../../src/learning/xgboost/ml-xgboost.ts';
import { RandomStream } from '../../src/runtime/random-stream.ts';
import { boosterCases } from './booster-cases.ts';
import { allTraining, everyFifth, lcgTable, learningGolden } from './lcg-table.ts';

const { table, labels } = lcgTable();
const golden = learningGolden();
const rows = allTraining(table, labels);

/** The fixed table imputed by the median, without constants, z-scored: what the reference ranks. */
function prepared() {
  let at = new Imputer('median').fit(rows).transform(rows);
  at = new VarianceFilter(0).fit(at).transform(at);
  return new Scaler().fit(at).transform(at);
}

function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length);
  let most = 0;
  for (let i = 0; i < a.length; i++) most = Math.max(most, Math.abs(a[i] - b[i]));
  return most;
}

describe('scikit-learn 1.2.2 and XGBoost 1.7.4 on the fixed synthetic table', () => {
  it('is the same table on both sides', () => {
    expect(golden.versions.xgboost).toBe('1.7.4');
    expect(golden.versions['scikit-learn']).toBe('1.2.2');
    expect(table.patients.length).toBe(golden.table.rows);
    expect(labels.reduce((sum, label) => sum + label, 0)).toBe(golden.table.positives);
    const means = table.columns.map(({ values }) => {
      const present = values.filter((value) => !Number.isNaN(value));
      return present.reduce((sum, value) => sum + value, 0) / present.length;
    });
    expect(largestDifference(means, golden.table.columnMeans)).toBeLessThan(1e-14);
  });

  it.each(['median', 'mean', 'most-frequent'] as const)('imputes by the %s', (strategy) => {
    const { fills } = new Imputer(strategy).fit(rows);
    expect(largestDifference([...fills.values()], golden.imputer[strategy])).toBeLessThan(1e-14);
  });

  it('drops constants and scales', () => {
    const { columns } = prepared();
    expect(columns.map(({ name }) => name)).toEqual(golden.columnsAfterVariance);
    for (let row = 0; row < 3; row++) {
      const ours = columns.map(({ values }) => values[row]);
      expect(largestDifference(ours, golden.scaled[row])).toBeLessThan(1e-12);
    }
  });

  it.each(Object.keys(golden.mrmr))('mRMR picks and relevance: %s', (key) => {
    const [method, kind] = key.split(' ') as [MrmrMethod, 'mean-sd' | 'quantile' | undefined];
    const train = prepared();
    const ranking = new Mrmr({
      method,
      features: 25,
      ...(kind === undefined ? {} : { discretisation: kind }),
    }).fit(train);
    expect(ranking.kept).toEqual(golden.mrmr[key].picks);
    const expected = ranking.kept.map(
      (name) => golden.mrmr[key].relevance[golden.columnsAfterVariance.indexOf(name)],
    );
    expect(largestDifference(ranking.relevance, expected)).toBeLessThan(1e-10);
  });

  it.each([1, 4, 0.13])('RFE order, step %s', async (step) => {
    const booster = await loadMlXgboost();
    const { ranking } = eliminate(
      booster,
      boosterMatrix(prepared()),
      labels,
      {},
      {
        features: 8,
        step,
      },
    );
    expect([...ranking]).toEqual(golden.rfe[String(step)]);
  });

  it.each(Object.keys(golden.boosters))('exact trees, gaps and all: %s', async (name) => {
    const booster = await loadMlXgboost();
    const matrix = boosterMatrix(rows);
    const trees = booster.fit(matrix, labels, boosterCases[name]);
    const expected = golden.boosters[name];
    expect(largestDifference(trees.probabilities(matrix), expected.probabilities)).toBeLessThan(
      1e-6,
    );
    for (const [kind, gains] of [
      ['gain', expected.gain],
      ['total-gain', expected.totalGain],
    ] as const) {
      trees.importances(kind).forEach((ours, column) => {
        expect(Math.abs(ours - gains[column])).toBeLessThanOrEqual(1e-5 * gains[column]);
      });
    }
  });

  it('the whole pipeline, partition by partition', async () => {
    const config = pipelineConfig(golden.config as PipelineSettings);
    for (const [k, expected] of golden.partitions.entries()) {
      const partition = everyFifth(table.patients.length, k);
      const outcome = await evaluatePartition(table, labels, partition, {
        config,
        seed: 1,
        name: 'reference',
      });
      expect(outcome.selected.map(({ feature }) => feature).sort()).toEqual(
        [...expected.selected].sort(),
      );
      expect(largestDifference(outcome.probabilities, expected.probabilities)).toBeLessThan(1e-6);
      expect(outcome.metrics.balancedAccuracy).toBeCloseTo(expected.metrics.balancedAccuracy, 12);
      const { train } = splitRows(table, labels, partition);
      const fitted = await new Pipeline(config).fit(train, RandomStream.of(1, 'reference'));
      expect(fitted.mrmrRanking).toEqual(expected.mrmr);
    }
  });

  it('metrics of the reference probabilities', () => {
    for (const [k, { probabilities, metrics }] of golden.partitions.entries()) {
      const { test } = everyFifth(table.patients.length, k);
      const ours = metricsAt(
        test.map((row) => labels[row]),
        probabilities,
        0.5,
      );
      for (const name of metricNames) expect(ours[name]).toBeCloseTo(metrics[name], 12);
    }
  });
});
