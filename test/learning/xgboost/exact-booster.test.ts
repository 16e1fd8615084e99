import { describe, expect, it } from 'vitest';
import { pipelineConfig } from '../../../src/learning/pipeline-config.ts';
import { eliminate } from '../../../src/learning/rfe.ts';
import type { Booster } from '../../../src/learning/xgboost/booster.ts';
import { exactBooster } from '../../../src/learning/xgboost/exact/exact-booster.ts';
import { loadBooster } from '../../../src/learning/xgboost/load-booster.ts';
import { loadMlXgboost } from '../../../src/learning/xgboost/ml-xgboost.ts';
import { counting, differenceOn, firstDifference, randomFit, tableKinds } from './random-tables.ts';

const arbiter = await loadMlXgboost();

/** The exact booster over an arbiter that counts its fits. */
function counted(): { booster: Booster; asked: () => number } {
  const asked = counting(arbiter);
  return { booster: exactBooster(asked), asked: asked.fits };
}

describe('the exact booster', () => {
  it.each(tableKinds)('grows the trees of ml-xgboost to the last bit: %s', (kind) => {
    const { booster, asked } = counted();
    const numbers = Array.from({ length: 240 }, (_, i) => i).filter(
      (number) => randomFit(number).kind === kind,
    );
    const differences = numbers.flatMap((number) => differenceOn(number, booster, arbiter) ?? []);
    expect(differences).toEqual([]);
    // Most are its own: the arbiter is there for draws, sums that are not exact and 0 / 0.
    expect(asked()).toBeLessThan(0.6 * 4 * numbers.length);
  });

  it('hands random draws and settings without a penalty to ml-xgboost, and nothing else of reals', () => {
    const { matrix, labels } = randomFit(0);
    const fitsOf = (params: object) => {
      const { booster, asked } = counted();
      booster.fit(matrix, labels, params);
      return asked();
    };
    expect(fitsOf({})).toBe(0);
    expect(fitsOf({ lambda: 0 })).toBe(0);
    expect(fitsOf({ lambda: 0, minChildWeight: 0 })).toBe(1);
    expect(fitsOf({ subsample: 0.5 })).toBe(1);
    expect(fitsOf({ columnSample: 0.5 })).toBe(1);
  });

  it('hands equal values to ml-xgboost once a sum of theirs may be rounded', () => {
    const labels = Uint8Array.from({ length: 40 }, (_, i) => i % 2);
    const values = Float32Array.from(labels, (y, i) => (i < 2 ? 0.5 : y));
    const matrix = { rows: 40, columns: 1, values, names: ['f'] };
    const separated = { learningRate: 1, lambda: 1e-6, minChildWeight: 1e-9, rounds: 30 };
    const { booster, asked } = counted();
    booster.fit(matrix, labels);
    expect(asked()).toBe(0);
    const trees = booster.fit(matrix, labels, separated);
    expect(asked()).toBe(1);
    expect(firstDifference(trees, arbiter.fit(matrix, labels, separated))).toBeUndefined();
  });

  it('keeps two eliminations apart that take turns', () => {
    const [a, b] = [randomFit(6), randomFit(12)];
    const booster = exactBooster(arbiter);
    const [first, second] = [a, b].map(({ matrix, labels }) => booster.narrowing!(matrix, labels));
    const columnsOf = (columns: number, from: number) =>
      Array.from({ length: columns - from }, (_, c) => c + from);
    for (const from of [0, 1, 2]) {
      for (const [fits, { matrix, labels }] of [
        [first, a],
        [second, b],
      ] as const) {
        const columns = columnsOf(matrix.columns, from);
        const alone = booster.narrowing!(matrix, labels).fit(columns);
        expect(firstDifference(fits.fit(columns), alone)).toBeUndefined();
      }
    }
  });

  it('eliminates the columns that ml-xgboost eliminates, with the same last trees', () => {
    const { matrix, labels } = randomFit(18);
    const [a, b] = [exactBooster(arbiter), arbiter].map((booster) =>
      eliminate(booster, matrix, labels, { rounds: 40 }, { features: 3 }),
    );
    expect(a.kept).toEqual(b.kept);
    expect(a.ranking).toEqual(b.ranking);
    expect(firstDifference(a.trees, b.trees)).toBeUndefined();
  });

  it('refuses what every booster refuses', () => {
    const { matrix, labels } = randomFit(0);
    const booster = exactBooster(arbiter);
    expect(() => booster.fit(matrix, labels.fill(1))).toThrow(/same outcome/);
    expect(() => booster.fit(matrix, labels, { lambda: -1 })).toThrow(/lambda/);
  });

  it('is asked for by name, and names itself', async () => {
    const { booster } = pipelineConfig({ booster: { implementation: 'exact' } });
    const { name } = await loadBooster(booster.implementation);
    expect(name).toBe(`exact (nacre, as ${arbiter.name})`);
  });
});
