import { describe, expect, it } from 'vitest';
import { fitLasso } from '../../../src/learning/logistic/lasso-logistic.ts';
import {
  type LinearModel,
  type LogisticTask,
  lossDerivatives,
  marginsOf,
  totalLoss,
} from '../../../src/learning/logistic/logistic-loss.ts';
import { fitRidge } from '../../../src/learning/logistic/ridge-logistic.ts';
import { Pipeline, type PipelineSettings } from '../../../src/learning/pipeline.ts';
import { pipelineConfig } from '../../../src/learning/pipeline-config.ts';
import { rowsToPredict, splitTraining } from '../../../src/learning/rows.ts';
import { logLoss } from '../../../src/learning/scores.ts';
import { stratifiedFolds } from '../../../src/learning/stratified-folds.ts';
import { RandomStream } from '../../../src/runtime/random-stream.ts';
import { featureTable } from '../../../src/table/feature-table.ts';
import fc from '../../property-runs.ts';
import { allTraining, lcgTable } from '../lcg-table.ts';

function drawn(seed: number, rows: number, columns: number): LogisticTask {
  const stream = RandomStream.of(seed, 'logistic test');
  const values = Array.from({ length: columns }, () =>
    Float64Array.from({ length: rows }, () => stream.normal()),
  );
  const labels = Uint8Array.from({ length: rows }, (_, i) =>
    i < 2 ? i : Number(values[0][i] - (values[1]?.[i] ?? 0) + stream.normal() > 0),
  );
  return { columns: values, labels, positiveWeight: 0.5 + stream.next(), c: 1 };
}

function gradient(task: LogisticTask, model: LinearModel): number[] {
  const { first } = lossDerivatives(task, marginsOf(task.columns, model, task.labels.length));
  const ones = new Float64Array(task.labels.length).fill(1);
  return [ones, ...task.columns].map((column) =>
    column.reduce((sum, x, i) => sum + x * first[i], 0),
  );
}

// Equal to scikit-learn at 1e-6: test/parity/logistic.ts.
describe('fitRidge', () => {
  it('is at the minimum, whichever of the two systems is solved', () => {
    const tasks = fc.record({
      seed: fc.integer({ min: 0, max: 1e6 }),
      rows: fc.integer({ min: 6, max: 40 }),
      columns: fc.integer({ min: 1, max: 50 }),
      c: fc.constantFrom(0.001, 0.1, 1, 100),
    });
    fc.assert(
      fc.property(tasks, ({ seed, rows, columns, c }) => {
        const task = { ...drawn(seed, rows, columns), c };
        const model = fitRidge(task);
        const [byIntercept, ...byColumns] = gradient(task, model);
        expect(Math.abs(byIntercept)).toBeLessThan(1e-8);
        byColumns.forEach((slope, j) => {
          expect(Math.abs(slope + model.coefficients[j] / c)).toBeLessThan(1e-8);
        });
      }),
    );
  });

  it('separates what can be separated with finite coefficients', () => {
    const labels = Uint8Array.of(0, 0, 0, 1, 1, 1);
    const columns = [Float64Array.of(-3, -2, -1, 1, 2, 3)];
    const model = fitRidge({ columns, labels, positiveWeight: 1, c: 1e6 });
    expect(model.coefficients[0]).toBeGreaterThan(5);
    expect(model.coefficients[0]).toBeLessThan(100);
  });
});

describe('fitLasso', () => {
  it('is at the minimum, and nothing moves a coefficient of 0', () => {
    const tasks = fc.record({
      seed: fc.integer({ min: 0, max: 1e6 }),
      rows: fc.integer({ min: 6, max: 40 }),
      columns: fc.integer({ min: 1, max: 50 }),
      c: fc.constantFrom(0.01, 0.1, 1, 10),
    });
    fc.assert(
      fc.property(tasks, ({ seed, rows, columns, c }) => {
        const task = { ...drawn(seed, rows, columns), c };
        const model = fitLasso(task);
        const [byIntercept, ...byColumns] = gradient(task, model);
        expect(Math.abs(byIntercept)).toBeLessThan(1e-7);
        byColumns.forEach((slope, j) => {
          const w = model.coefficients[j];
          if (w === 0) expect(Math.abs(slope)).toBeLessThanOrEqual(1 / c + 1e-7);
          else expect(Math.abs(slope + Math.sign(w) / c)).toBeLessThan(1e-7);
        });
      }),
    );
  });

  it('drops everything under a strong penalty, and a warm start changes nothing', () => {
    const task = drawn(4, 60, 20);
    const none = fitLasso({ ...task, c: 1e-4 });
    expect([...none.coefficients].every((w) => w === 0)).toBe(true);
    const cold = fitLasso(task);
    const warm = fitLasso(task, none);
    cold.coefficients.forEach((w, j) => {
      expect(warm.coefficients[j]).toBeCloseTo(w, 9);
    });
    const value = (model: LinearModel) =>
      model.coefficients.reduce((sum, w) => sum + Math.abs(w), 0) +
      totalLoss(task, marginsOf(task.columns, model, 60));
    expect(value(cold)).toBeLessThan(value(none));
  });
});

describe('classifier: logistic in a pipeline', () => {
  const { table, labels } = lcgTable();
  const rows = allTraining(table, labels);
  const stream = () => RandomStream.of(5, 'fit');
  const learn = (settings: PipelineSettings) => new Pipeline(settings).fit(rows, stream());

  it('ranks by the size of the coefficients and shows their sign', async () => {
    const fitted = await learn({
      mrmr: { features: 20 },
      rfe: { features: 6 },
      classifier: 'ridge',
    });
    expect(fitted.engine).toBe('logistic regression');
    expect(fitted.booster).toEqual({});
    expect(fitted.logistic?.penalty).toBe('ridge');
    const sizes = fitted.selected.map(({ gain, coefficient }) => {
      expect(gain).toBe(Math.abs(coefficient as number));
      return gain;
    });
    expect(sizes).toEqual([...sizes].sort((a, b) => b - a));
    // The label is made of c0 + c3 (and its twin) − c6.
    const sign = (name: string) =>
      Math.sign(fitted.selected.find(({ feature }) => feature === name)?.coefficient ?? 0);
    expect([sign('c0'), sign('c6')]).toEqual([1, -1]);
  });

  it('chooses penalty and strength on inner folds as a plain loop does', async () => {
    const settings: PipelineSettings = {
      classifier: 'logistic',
      logistic: { penalty: ['ridge', 'lasso'], c: [1, 0.03, 10] },
      mrmr: { features: 12 },
    };
    const fitted = await learn(settings);
    const config = pipelineConfig(settings);
    const once = await learn({ ...settings, logistic: { c: [1] } });
    // The rows after selection, as the pipeline's own steps make them.
    const { steps } = JSON.parse(JSON.stringify(once)) as {
      steps: { name: string; scales?: { name: string; mean: number; sd: number }[] }[];
    };
    const scales = steps.find(({ name }) => name === 'scale')?.scales ?? [];
    const columns = once.columns.map((name) => {
      const { mean, sd } = scales.find((scale) => scale.name === name) ?? { mean: 0, sd: 1 };
      const column = table.columns.find((one) => one.name === name);
      const known = [...(column?.values ?? [])]
        .filter((x) => !Number.isNaN(x))
        .sort((a, b) => a - b);
      const median = (known[(known.length - 1) >> 1] + known[known.length >> 1]) / 2;
      const values = column?.values.map((x) => ((Number.isNaN(x) ? median : x) - mean) / sd);
      return { name, block: 'b', values: values ?? new Float64Array() };
    });
    const prepared = allTraining(featureTable(table.patients, columns), labels);
    const folds = stratifiedFolds(labels, config.innerFolds, stream().derive('inner-folds'));
    const weightOf = (some: Uint8Array) =>
      some.filter((l) => l === 0).length / some.filter((l) => l === 1).length;
    const scores = (['ridge', 'lasso'] as const).flatMap((penalty) =>
      [1, 0.03, 10].map((c) => {
        const losses = folds.map((held) => {
          const { train, heldOut, heldOutLabels } = splitTraining(prepared, held);
          const task = {
            columns: train.columns.map(({ values }) => values),
            labels: train.labels,
            positiveWeight: weightOf(train.labels),
            c,
          };
          const model = penalty === 'ridge' ? fitRidge(task) : fitLasso(task);
          const margins = marginsOf(
            heldOut.columns.map(({ values }) => values),
            model,
            held.length,
          );
          return logLoss(heldOutLabels, margins, weightOf(labels));
        });
        return { penalty, c, loss: losses.reduce((a, b) => a + b, 0) / losses.length };
      }),
    );
    const best = scores.reduce((a, b) => (b.loss < a.loss - 1e-12 ? b : a));
    expect(fitted.logistic).toEqual({ penalty: best.penalty, c: best.c });
  });

  it('gives the same from a table that comes in groups of columns, and with folds that select anew', async () => {
    const settings: PipelineSettings = {
      classifier: 'lasso',
      threshold: 'youden',
      mrmr: { features: 9 },
    };
    const whole = await learn(settings);
    async function* groups() {
      for (let at = 0; at < table.columns.length; at += 25) {
        yield allTraining(featureTable(table.patients, table.columns.slice(at, at + 25)), labels);
      }
    }
    const grouped = await new Pipeline(settings).fitGroups(groups(), stream());
    const predicted = (fitted: typeof whole) => [
      ...fitted.predictProbability(rowsToPredict(table)),
    ];
    expect(predicted(grouped)).toEqual(predicted(whole));
    expect(whole.threshold).toBeGreaterThan(0);
    expect(whole.threshold).toBeLessThan(1);
    const anew = await learn({ ...settings, innerSelection: 'each-fold' });
    expect(predicted(anew).every((p) => p > 0 && p < 1)).toBe(true);
  });

  it('refuses columns of different scales, gaps, and a table without columns', async () => {
    expect(() => new Pipeline({ classifier: 'ridge', scale: 'none' })).toThrow(
      /found classifier: ridge with scale: none/,
    );
    expect(() => new Pipeline({ classifier: 'logistic', impute: 'none' })).toThrow(/impute: none/);
    const constant = allTraining(
      featureTable(table.patients, [
        { name: 'x', block: 'b', values: new Float64Array(labels.length).fill(1) },
      ]),
      labels,
    );
    await expect(new Pipeline({ classifier: 'ridge' }).fit(constant, stream())).rejects.toThrow(
      /nothing is left to fit the logistic regression on/,
    );
  });
});
