import { describe, expect, it } from 'vitest';
import { type BoosterMatrix, boosterMatrix } from '../../../src/learning/xgboost/booster-matrix.ts';
import type { BoosterParams } from '../../../src/learning/xgboost/booster-settings.ts';
import { loadMlXgboost, mlXgboostModelFile } from '../../../src/learning/xgboost/ml-xgboost.ts';
import { loadXgboostModule } from '../../../src/learning/xgboost/ml-xgboost-module.ts';
import { readSavedModel } from '../../../src/learning/xgboost/saved-model.ts';
import { RandomStream } from '../../../src/runtime/random-stream.ts';
import { mapInWorkers } from '../../../src/runtime/worker-pool.ts';
import { trainingRows } from '../lcg-table.ts';

const booster = await loadMlXgboost();

function matrixOf(columns: Record<string, ArrayLike<number>>, rows: number): BoosterMatrix {
  return boosterMatrix(
    trainingRows(
      columns,
      Array.from({ length: rows }, (_, i) => i % 2),
    ),
  );
}

function random(rows: number, columns: number, seed = 1): { matrix: BoosterMatrix; y: Uint8Array } {
  const stream = RandomStream.of(seed);
  const values = Float32Array.from({ length: rows * columns }, () => stream.normal());
  const y = Uint8Array.from({ length: rows }, (_, i) =>
    values[i * columns] + 0.5 * stream.normal() > 0 ? 1 : 0,
  );
  const names = Array.from({ length: columns }, (_, c) => `f${c}`);
  return { matrix: { rows, columns, values, names }, y };
}

const one: Partial<BoosterParams> = { rounds: 1, maxDepth: 1, learningRate: 1, minChildWeight: 0 };

describe('ml-xgboost, wrapped', () => {
  it('one stump by hand: leaves −G/(H + λ), gain ½·… of the split', () => {
    // Margin 0: gradients ±0.5, hessians 0.25. Four rows a side, all of one class.
    const x = [1, 2, 3, 4, 6, 7, 8, 9];
    const y = Uint8Array.of(0, 0, 0, 0, 1, 1, 1, 1);
    const matrix = boosterMatrix(trainingRows({ x }, y));
    const trees = booster.fit(matrix, y, one);
    const { roots, left, right, value, gain, cover, baseMargin } = trees.arrays;
    expect(baseMargin).toBeCloseTo(0, 12);
    expect(roots.length).toBe(1);
    expect(value[roots[0]]).toBe(5);
    // G = ±2, H = 1, λ = 1: weight ∓1; gain 4/2 + 4/2 − 0.
    expect(value[left[0]]).toBeCloseTo(-1, 6);
    expect(value[right[0]]).toBeCloseTo(1, 6);
    expect(gain[0]).toBeCloseTo(4, 6);
    expect(cover[0]).toBeCloseTo(2, 6);
    expect([...trees.importances('gain')]).toEqual([gain[0]]);
    expect(trees.probabilities(matrix)[0]).toBeCloseTo(1 / (1 + Math.E), 6);
  });

  it('a true −1 is a number: it goes with its neighbours, not with the missing', () => {
    // −1 stands between −3 and 1. Were it missing, it would follow the NaN rows, which are all of class 1.
    const x = [-3, -2, -1, -1, 1, 2, 3, 4, Number.NaN, Number.NaN, Number.NaN, Number.NaN];
    const y = Uint8Array.of(0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1);
    const matrix = boosterMatrix(trainingRows({ x }, y));
    const trees = booster.fit(matrix, y, one);
    const margins = trees.margins(matrix);
    expect(margins[2]).toBe(margins[0]);
    expect(margins[8]).toBe(margins[4]);
    expect(margins[0]).toBeLessThan(0);
    expect(trees.arrays.value[0]).toBeCloseTo(0, 7);
    expect(trees.arrays.missingLeft[0]).toBe(0);
  });

  it('equals a fit on the shifted column, where no value is −1', () => {
    const { matrix, y } = random(60, 4, 5);
    const at = (shift: number) => {
      const values = matrix.values.map((v) => Math.fround(Math.round(v * 2)) + shift);
      const columns = Object.fromEntries(
        matrix.names.map((name, c) => [
          name,
          Array.from({ length: 60 }, (_, r) => values[r * 4 + c]),
        ]),
      );
      const shifted = boosterMatrix(trainingRows(columns, y));
      return booster.fit(shifted, y, { rounds: 30 }).probabilities(shifted);
    };
    expect([...at(0)]).toEqual([...at(64)]);
  });

  it('missing values go the learned way, and −1 is never stored for a number', () => {
    const matrix = matrixOf({ x: [-1, Number.NaN, -1, 0] }, 4);
    expect(matrix.values[0]).toBe(Math.fround(-0.99999994));
    expect(matrix.values[1]).toBeNaN();
  });

  it('predictions from parsed trees equal those of the engine to 7e-8', async () => {
    const module = await loadXgboostModule();
    const { matrix, y } = random(80, 12, 3);
    const bytes = await mlXgboostModelFile(matrix, y, { rounds: 50 });
    const trees = readSavedModel(bytes);
    // The engine itself: load the file, predict row by row.
    const raw = module as unknown as {
      _load_model(at: number, size: number): number;
      _predict_one(model: number, row: number, columns: number, out: number): number;
    } & typeof module;
    const { createRequire } = await import('node:module');
    const whole = createRequire(import.meta.url)('ml-xgboost/dist/wasm/xgboost.js') as typeof raw;
    const at = module._malloc(bytes.length);
    module.HEAPU8.set(bytes, at);
    const model = whole._load_model(at, bytes.length);
    const row = module._malloc(4 * 12);
    const out = module._malloc(4);
    const ours = trees.probabilities(matrix);
    let most = 0;
    for (let r = 0; r < 80; r++) {
      module.HEAPF32.set(matrix.values.subarray(r * 12, (r + 1) * 12), row / 4);
      whole._predict_one(model, row, 12, out);
      most = Math.max(most, Math.abs(module.HEAPF32[out / 4] - ours[r]));
    }
    expect(most).toBeLessThan(1.2e-7);
    expect(most).toBeGreaterThanOrEqual(0);
    expect(ours.some((p) => p > 0.9)).toBe(true);
  });

  it('lives at 15,000 features, where the package itself crashes', () => {
    const { matrix, y } = random(177, 15_000);
    const trees = booster.fit(matrix, y, { rounds: 2, maxDepth: 2 });
    expect(trees.rounds).toBe(2);
    expect(trees.importances()[0]).toBeGreaterThan(0);
  });

  it('gives its memory back: 300 fits grow the heap by nothing after the first', async () => {
    const module = await loadXgboostModule();
    const { matrix, y } = random(150, 200);
    for (let i = 0; i < 5; i++) booster.fit(matrix, y, { rounds: 2 });
    const before = module.HEAPU8.length;
    for (let i = 0; i < 300; i++) booster.fit(matrix, y, { rounds: 2, maxDepth: 2 });
    // Each fit needs about 1 MB; the heap grows by doubling, so a leak would have doubled it several times.
    expect(module.HEAPU8.length).toBe(before);
  });

  it('is the same in another fit, in sampled fits of one seed, and in a worker thread', async () => {
    const { matrix, y } = random(100, 20, 9);
    const sampled = { rounds: 20, subsample: 0.6, columnSample: 0.5, seed: 11 };
    for (const params of [{ rounds: 20 }, sampled]) {
      const first = await mlXgboostModelFile(matrix, y, params);
      booster.fit(matrix, y, { rounds: 3, subsample: 0.3, seed: 5 });
      expect(await mlXgboostModelFile(matrix, y, params)).toEqual(first);
      const module = new URL('../fit-worker.ts', import.meta.url);
      const [there] = await mapInWorkers<unknown, Uint8Array>(module, [{ matrix, y, params }]);
      expect(Buffer.from(there).equals(Buffer.from(first))).toBe(true);
    }
    const other = booster.fit(matrix, y, { ...sampled, seed: 12 });
    expect([...other.margins(matrix)]).not.toEqual([
      ...booster.fit(matrix, y, sampled).margins(matrix),
    ]);
  });

  it('leaves no listener behind', async () => {
    await loadXgboostModule();
    const listeners = process.listeners('uncaughtException').map(String);
    expect(listeners.filter((text) => text.includes('ExitStatus'))).toEqual([]);
  });

  const { matrix, y } = random(20, 3);
  it.each([
    ['max_depth', { max_depth: 3 }, /column max_depth.*did you mean maxDepth\?/],
    ['a typo', { learningRat: 0.1 }, /did you mean learningRate\?/],
    ['rounds 0', { rounds: 0 }, /rounds.*found 0.*at least 1/],
    ['a half depth', { maxDepth: 2.5 }, /maxDepth.*found 2.5.*whole number/],
    ['a rate above 1', { learningRate: 1.5 }, /learningRate/],
    ['NaN', { lambda: Number.NaN }, /lambda.*found NaN/],
    ['a string', { gamma: '1' }, /gamma/],
    ['weight 0', { positiveWeight: 0 }, /positiveWeight.*above 0/],
  ])('refuses %s', (_, params, message) => {
    expect(() => booster.fit(matrix, y, params as Partial<BoosterParams>)).toThrow(message);
  });
  it.each([
    ['short labels', matrix, y.slice(1), /found 19 labels, expected 20/],
    ['one class', matrix, new Uint8Array(20), /0 of class 1 among 20/],
    ['a label of 2', matrix, y.map((v) => v + 1), /neither 0 nor 1: found 2/],
    ['no columns', { ...matrix, columns: 0, values: new Float32Array() }, y, /nothing is left/],
    ['a short matrix', { ...matrix, columns: 4 }, y, /found 60 values, expected 20 × 4/],
  ])('refuses %s', (_, badMatrix, badLabels, message) => {
    expect(() => booster.fit(badMatrix, badLabels)).toThrow(message);
  });
  it('refuses what float32 cannot hold, and other columns in prediction', () => {
    expect(() => matrixOf({ x: [1e39, 1, 2, 3] }, 4)).toThrow(
      /patient P0, row 1, column x.*1e\+39/,
    );
    const trees = booster.fit(matrix, y, { rounds: 2 });
    expect(() => trees.margins(random(5, 4).matrix)).toThrow(/found 4 columns, expected 3/);
  });
  it('refuses a model that is cut short or of another kind', async () => {
    const bytes = await mlXgboostModelFile(matrix, y, { rounds: 2 });
    expect(readSavedModel(bytes).rounds).toBe(2);
    for (let cut = 0; cut < bytes.length - 8; cut += 37) {
      expect(() => readSavedModel(bytes.subarray(0, cut))).toThrow(/not a whole XGBoost model/);
    }
    const other = bytes.slice();
    other[136 + 8] = 'x'.charCodeAt(0);
    expect(() => readSavedModel(other)).toThrow(/xinary:logistic/);
  });
});
