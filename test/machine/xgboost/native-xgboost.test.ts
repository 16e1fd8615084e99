import '../../../src/machine/xgboost/provide-native.ts';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Pipeline } from '../../../src/learning/pipeline.ts';
import type { Booster } from '../../../src/learning/xgboost/booster.ts';
import { type BoosterMatrix, boosterMatrix } from '../../../src/learning/xgboost/booster-matrix.ts';
import { readJsonModel } from '../../../src/learning/xgboost/json-model.ts';
import { loadBooster } from '../../../src/learning/xgboost/load-booster.ts';
import { loadMlXgboost } from '../../../src/learning/xgboost/ml-xgboost.ts';
import { loadNativeXgboost } from '../../../src/machine/xgboost/native-xgboost.ts';
import { librariesOf, loadXgboostLibrary } from '../../../src/machine/xgboost/xgboost-library.ts';
import { RandomStream } from '../../../src/runtime/random-stream.ts';
import { mapInWorkers } from '../../../src/runtime/worker-pool.ts';
import { boosterCases } from '../../learning/booster-cases.ts';
import { allTraining, lcgTable, learningGolden, trainingRows } from '../../learning/lcg-table.ts';

/** Every XGBoost at hand: what a study would find, and the one of the peers' Python. */
const peers = process.env.NACRE_PEERS_VENVS;
const found: Booster[] = [];
const faults: string[] = [];
for (const places of [undefined, peers ? librariesOf(join(peers, 'sklearn')) : []]) {
  try {
    found.push(await loadNativeXgboost(places));
  } catch (error) {
    const fault = (error as Error).message;
    faults.push(fault);
    process.stderr.write(`native XGBoost not tried: ${fault}\n`);
  }
}
const ours = await loadMlXgboost();
const golden = learningGolden();

function random(
  rows: number,
  columns: number,
  seed: number,
): { matrix: BoosterMatrix; y: Uint8Array } {
  const stream = RandomStream.of(seed);
  const values = Float32Array.from({ length: rows * columns }, () => {
    const value = stream.normal();
    return stream.normal() > 1.5 ? Number.NaN : value;
  });
  const y = Uint8Array.from({ length: rows }, (_, i) =>
    (values[i * columns] || 0) + 0.5 * stream.normal() > 0 ? 1 : 0,
  );
  return {
    matrix: { rows, columns, values, names: Array.from({ length: columns }, (_, c) => `f${c}`) },
    y,
  };
}

// Where it is skipped, its name says why.
const whole = found.length > 0 ? 'native XGBoost' : `native XGBoost (skipped: ${faults[0]})`;
describe.skipIf(found.length === 0)(whole, () => {
  describe.each(found)('$name from $library', (booster) => {
    it.each(Object.entries(boosterCases))(
      'grows the trees of ml-xgboost, gaps and all: %s',
      (_, params) => {
        const { matrix, y } = random(110, 40, 4);
        const a = booster.fit(matrix, y, { rounds: 40, ...params });
        const b = ours.fit(matrix, y, { rounds: 40, ...params });
        for (const key of ['roots', 'left', 'right', 'feature', 'missingLeft'] as const) {
          expect([...a.arrays[key]]).toEqual([...b.arrays[key]]);
        }
        expect(largestDifference(a.probabilities(matrix), b.probabilities(matrix))).toBeLessThan(
          1e-6,
        );
        const gains = b.importances('total-gain');
        const most = Math.max(...gains);
        expect(largestDifference(a.importances('total-gain'), gains)).toBeLessThan(1e-5 * most);
      },
    );

    it.each(Object.keys(golden.boosters))('equals XGBoost in Python: %s', (name) => {
      const { table, labels } = lcgTable();
      const matrix = boosterMatrix(allTraining(table, labels));
      const trees = booster.fit(matrix, labels, boosterCases[name]);
      const expected = golden.boosters[name];
      expect(largestDifference(trees.probabilities(matrix), expected.probabilities)).toBeLessThan(
        2e-7,
      );
    });

    it('takes a true −1 for a number, and gives the same trees twice', () => {
      const x = [-3, -2, -1, -1, 1, 2, 3, 4, Number.NaN, Number.NaN, Number.NaN, Number.NaN];
      const y = Uint8Array.of(0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1);
      const matrix = boosterMatrix(trainingRows({ x }, y));
      const one = { rounds: 1, maxDepth: 1, learningRate: 1, minChildWeight: 0 };
      const trees = booster.fit(matrix, y, one);
      expect(trees.margins(matrix)[2]).toBe(trees.margins(matrix)[0]);
      expect(JSON.stringify(booster.fit(matrix, y, one))).toBe(JSON.stringify(trees));
    });

    it('is checked as ml-xgboost is', () => {
      const { matrix, y } = random(20, 3, 1);
      expect(() => booster.fit(matrix, y.slice(1))).toThrow(/found 19 labels/);
      expect(() => booster.fit(matrix, new Uint8Array(20))).toThrow(/0 of class 1/);
      expect(() => booster.fit(matrix, y, { max_depth: 3 } as object)).toThrow(
        /did you mean maxDepth/,
      );
    });
  });

  it('gives its memory back: 200 fits of a megabyte leave no more than a few behind', () => {
    const { matrix, y } = random(150, 1000, 2);
    const [booster] = found;
    for (let i = 0; i < 20; i++) booster.fit(matrix, y, { rounds: 1, maxDepth: 1 });
    const before = process.memoryUsage.rss();
    // Matrix and XGBoost's own copies are some 4 MB a fit: a leak would be 800 MB.
    for (let i = 0; i < 200; i++) booster.fit(matrix, y, { rounds: 1, maxDepth: 1 });
    expect(process.memoryUsage.rss() - before).toBeLessThan(200e6);
  });

  it('is the same on worker threads, two at once', async () => {
    const { matrix, y } = random(100, 20, 9);
    const here = await loadNativeXgboost();
    const expected = JSON.stringify(here.fit(matrix, y, { rounds: 20 }));
    const task = { matrix, y, params: { rounds: 20 } };
    const there = await mapInWorkers<unknown, string>(
      new URL('./native-fit-worker.ts', import.meta.url),
      [task, task, task],
      { workers: 2 },
    );
    expect(there.every((text) => text === expected)).toBe(true);
  });

  it('is what a pipeline fits with where its settings ask for it, and what auto finds', async () => {
    const { table, labels } = lcgTable();
    const train = allTraining(table, labels);
    const fitted = (implementation?: 'native' | 'auto') =>
      new Pipeline({
        mrmr: { features: 12 },
        rfe: { features: 5 },
        booster: { rounds: [20], implementation },
      }).fit(train, RandomStream.of(1));
    const [native, auto, plain] = [await fitted('native'), await fitted('auto'), await fitted()];
    expect(native.engine).toMatch(/^xgboost \d+\.\d+\.\d+ \(native\)$/);
    expect(auto.engine).toBe(native.engine);
    expect(plain.engine).toBe('ml-xgboost 1.1.2');
    expect(native.selected.map(({ feature }) => feature)).toEqual(
      plain.selected.map(({ feature }) => feature),
    );
  });
});

describe('where there is no native XGBoost', () => {
  it('auto takes ml-xgboost, native says what to install', async () => {
    expect((await loadBooster('auto', [])).name).toBe('ml-xgboost 1.1.2');
    await expect(loadBooster('native', [])).rejects.toThrow(/libxgboost0/);
    await expect(loadBooster('native', ['/no/libxgboost.so'])).rejects.toThrow(
      /found \/no\/libxgboost\.so: .*expected libxgboost, version 1\.6/,
    );
  });

  it('a library that is named and cannot be used is an error, under auto too', async () => {
    const before = process.env.NACRE_XGBOOST_LIB;
    process.env.NACRE_XGBOOST_LIB = '/no/libxgboost.so';
    try {
      await expect(loadXgboostLibrary()).rejects.toThrow(/NACRE_XGBOOST_LIB names/);
      await expect(loadBooster('auto')).rejects.toThrow(/file \/no\/libxgboost\.so/);
    } finally {
      if (before === undefined) delete process.env.NACRE_XGBOOST_LIB;
      else process.env.NACRE_XGBOOST_LIB = before;
    }
  });
});

describe('the JSON model of XGBoost', () => {
  const tree = {
    left_children: [1, -1, -1],
    right_children: [2, -1, -1],
    split_indices: [0, 0, 0],
    split_conditions: [0.5, -0.25, 0.25],
    default_left: [true, false, false],
    loss_changes: [3, 0, 0],
    sum_hessian: [2, 1, 1],
  };
  const model = (over: object = {}, base = '5E-1') =>
    JSON.stringify({
      learner: {
        learner_model_param: { base_score: base, num_feature: '1' },
        objective: { name: 'binary:logistic' },
        gradient_booster: { name: 'gbtree', model: { trees: [{ ...tree, ...over }] } },
      },
      version: [3, 1, 0],
    });

  it('is read whole; a base score is a number or, since 3.1, a vector of one', () => {
    for (const base of ['5E-1', '[5E-1]']) {
      const { arrays } = readJsonModel(model({}, base));
      expect(arrays.baseMargin).toBeCloseTo(0, 12);
      expect([...arrays.feature]).toEqual([0, -1, -1]);
      expect([...arrays.missingLeft]).toEqual([1, 0, 0]);
    }
    expect(readJsonModel(model({}, '0.75')).arrays.baseMargin).toBeCloseTo(Math.log(3), 6);
  });

  it.each([
    ['text', '{', /JSON/],
    ['another objective', model().replace('binary:logistic', 'reg:linear'), /objective/],
    ['a child outside', model({ left_children: [9, -1, -1] }), /node 9, expected 0 to 2/],
    ['a circle', model({ left_children: [0, -1, -1] }), /not a whole/],
    ['short arrays', model({ sum_hessian: [1] }), /several lengths/],
    ['a column too many', model({ split_indices: [1, 0, 0] }), /column 1, expected below 1/],
    ['a base of 2', model({}, '2'), /base_score 2/],
  ])('refuses %s', (_, text, message) => {
    expect(() => readJsonModel(text)).toThrow(message);
  });
});

function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let most = 0;
  for (let i = 0; i < a.length; i++) most = Math.max(most, Math.abs(a[i] - b[i]));
  return most;
}
