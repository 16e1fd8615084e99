import { describe, expect, it } from 'vitest';
import { rocAuc } from '../../src/evaluation/metrics.ts';
import { Pipeline } from '../../src/learning/pipeline.ts';
import { pipelineConfig } from '../../src/learning/pipeline-config.ts';
import { logLoss, rankAuc, youdenThreshold } from '../../src/learning/scores.ts';
import { stratifiedFolds } from '../../src/learning/stratified-folds.ts';
import { gridPoints } from '../../src/learning/tune.ts';
import { RandomStream } from '../../src/runtime/random-stream.ts';
import fc from '../property-runs.ts';
import { allTraining, lcgTable, trainingRows } from './lcg-table.ts';

describe('stratifiedFolds', () => {
  it('holds out every row once, classes and sizes even to one', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 10 }),
        fc.integer({ min: 10, max: 40 }),
        fc.integer({ min: 10, max: 40 }),
        fc.integer({ min: 0, max: 1000 }),
        (folds, zeros, ones, seed) => {
          const labels = Uint8Array.from({ length: zeros + ones }, (_, i) => (i < zeros ? 0 : 1));
          const held = stratifiedFolds(labels, folds, RandomStream.of(seed));
          expect(held.flat().sort((a, b) => a - b)).toEqual([...labels.keys()]);
          for (const count of [
            held.map((rows) => rows.length),
            held.map((rows) => rows.filter((row) => labels[row] === 1).length),
          ]) {
            expect(Math.max(...count) - Math.min(...count)).toBeLessThanOrEqual(1);
          }
        },
      ),
      { numRuns: 200 },
    );
  });
  it('refuses fewer rows of a class than folds', () => {
    const labels = Uint8Array.of(0, 0, 0, 0, 0, 1, 1, 1);
    expect(() => stratifiedFolds(labels, 5, RandomStream.of(1))).toThrow(
      /found 3 of class 1, expected at least 5/,
    );
  });
});

describe('scores', () => {
  it('AUC agrees with the one of evaluation/, ties and all', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 0, max: 1 }), fc.integer({ min: 0, max: 6 })), {
          minLength: 2,
          maxLength: 40,
        }),
        (pairs) => {
          const labels = Uint8Array.from([0, 1, ...pairs.map(([label]) => label)]);
          const scores = Float64Array.from(
            [3, 3, ...pairs.map(([, score]) => score)],
            (s) => s / 6,
          );
          expect(rankAuc(labels, scores)).toBeCloseTo(rocAuc(labels, scores), 12);
        },
      ),
    );
  });
  it('log-loss by hand and at margins that overflow e^m', () => {
    const labels = Uint8Array.of(1, 0);
    expect(logLoss(labels, Float64Array.of(0, 0))).toBeCloseTo(Math.LN2, 14);
    expect(logLoss(labels, Float64Array.of(-800, 0))).toBeCloseTo((800 + Math.LN2) / 2, 10);
    expect(logLoss(labels, Float64Array.of(-1, 0), 3)).toBeCloseTo(
      (3 * Math.log(1 + Math.E) + Math.LN2) / 4,
      12,
    );
  });
  it('Youden: halfway below the best cut', () => {
    const labels = Uint8Array.of(0, 0, 1, 0, 1, 1);
    expect(youdenThreshold(labels, Float64Array.of(0.1, 0.2, 0.3, 0.4, 0.6, 0.7))).toBeCloseTo(0.5);
    expect(youdenThreshold(labels, Float64Array.of(0.1, 0.1, 0.5, 0.2, 0.5, 0.5))).toBeCloseTo(
      0.35,
    );
  });
});

describe('tune', () => {
  const { table, labels } = lcgTable();
  const train = allTraining(table, labels);
  const learn = (settings: object) =>
    new Pipeline({ mrmr: { features: 8 }, ...settings }).fit(train, RandomStream.of(1, 'tune'));

  it('lists the grid in the order of its keys, the last turning fastest', () => {
    const config = pipelineConfig({
      booster: { rounds: [20, 50], maxDepth: [2, 3], lambda: [1, 5] },
    });
    const points = gridPoints(config, 1.5, 7);
    expect(points.map(({ maxDepth, lambda }) => [maxDepth, lambda])).toEqual([
      [2, 1],
      [2, 5],
      [3, 1],
      [3, 5],
    ]);
    expect(
      points.every(({ rounds, positiveWeight }) => rounds === 50 && positiveWeight === 1.5),
    ).toBe(true);
  });
  it('chooses the setting that inner folds favour', async () => {
    // One tree that hardly moves against fifty that learn: log-loss tells them apart.
    const { booster } = await learn({
      booster: { rounds: [1, 50], learningRate: [0.001, 0.1] },
      innerMetric: 'logloss',
    });
    expect(booster).toMatchObject({ rounds: 50, learningRate: 0.1 });
  });
  it('stops early at the first minimum of the inner log-loss', async () => {
    const { booster } = await learn({
      booster: { rounds: [400], learningRate: [0.5], maxDepth: [4] },
      earlyStopping: { patience: 10 },
    });
    expect(booster.rounds).toBeGreaterThan(1);
    expect(booster.rounds).toBeLessThan(100);
  });
  it('finds a threshold of its own on training rows when asked', async () => {
    const half = await learn({});
    const youden = await learn({ threshold: 'youden' });
    const anew = await learn({ threshold: 'youden', innerSelection: 'each-fold' });
    expect(half.threshold).toBe(0.5);
    expect(youden.threshold).toBeGreaterThan(0);
    expect(youden.threshold).toBeLessThan(1);
    expect(youden.threshold).not.toBe(0.5);
    expect(anew.threshold).not.toBe(youden.threshold);
  });
  it('weighs classes by their counts', async () => {
    const zeros = labels.length - labels.reduce((sum, label) => sum + label, 0);
    expect((await learn({})).booster.positiveWeight).toBe(zeros / (labels.length - zeros));
    expect((await learn({ classWeight: 'none' })).booster.positiveWeight).toBe(1);
  });
  it('refuses inner folds with fewer rows of a class than folds', async () => {
    const few = trainingRows({ x: [1, 2, 3, 4, 5, 6, 7] }, [0, 0, 0, 0, 0, 1, 1]);
    const pipeline = new Pipeline({ threshold: 'youden' });
    await expect(pipeline.fit(few, RandomStream.of(1))).rejects.toThrow(/too few rows of a class/);
  });
});
