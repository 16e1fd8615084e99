import { describe, expect, it } from 'vitest';
import { Pipeline, type PipelineSettings } from '../../src/learning/pipeline.ts';
import {
  portablePipeline,
  portablePipelineSchema,
  predictPortable,
} from '../../src/learning/portable-pipeline.ts';
import { rowsToPredict, splitRows } from '../../src/learning/rows.ts';
import { treeShap } from '../../src/learning/xgboost/tree-shap.ts';
import type { TreeArrays } from '../../src/learning/xgboost/trees.ts';
import { RandomStream } from '../../src/runtime/random-stream.ts';
import { featureTable } from '../../src/table/feature-table.ts';

const stream = RandomStream.of(3, 'portable pipeline test');
const patients = Array.from({ length: 50 }, (_, i) => `P${i}`);
const labels = Uint8Array.from(patients, (_, i) => i % 2);
const table = featureTable(
  patients,
  Array.from({ length: 12 }, (_, c) => ({
    name: `f${c}`,
    block: 'b',
    values: Float64Array.from(patients, (_, i) =>
      stream.next() < 0.1 ? Number.NaN : stream.normal() + (c < 3 ? labels[i] : 0),
    ),
  })),
);
const every = patients.map((_, row) => row);
const rows = splitRows(table, labels, { index: 0, seed: 0, train: every, test: [] }).train;
const learn = (settings: ConstructorParameters<typeof Pipeline>[0]) =>
  new Pipeline(settings).fit(rows, stream.derive('fit'));
const valuesOf = (row: number) =>
  new Map(table.columns.map(({ name, values }) => [name, values[row]]));

describe('portablePipeline', () => {
  it.each([
    ['every step', { correlationThreshold: 0.9, mrmr: { features: 8 }, rfe: { features: 4 } }],
    ['gaps left to the trees, no scaling', { impute: 'none', scale: 'none' }],
    ['ridge', { mrmr: { features: 8 }, rfe: { features: 4 }, classifier: 'ridge' }],
    ['lasso', { classifier: 'lasso', logistic: { c: [0.3] } }],
  ] satisfies [string, PipelineSettings][])(
    'predicts to the last bit what the pipeline does, through JSON: %s',
    async (_, settings) => {
      const fitted = await learn(settings);
      const model = portablePipelineSchema.parse(
        JSON.parse(JSON.stringify(portablePipeline(fitted))),
      );
      const expected = fitted.predictProbability(rowsToPredict(table));
      every.forEach((row) => {
        const predicted = predictPortable(model, valuesOf(row));
        expect(predicted.probability).toBe(expected[row]);
        const margin = Math.log(expected[row] / (1 - expected[row]));
        const sum = predicted.contributions.reduce((a, b) => a + b.contribution, predicted.base);
        expect(sum).toBeCloseTo(margin, 4);
      });
    },
  );

  it('refuses trees that lead in circles', async () => {
    const model = portablePipeline(await learn({}));
    if (model.trees !== undefined) model.trees.left[0] = 0;
    expect(() => predictPortable(model, valuesOf(0))).toThrow(/trees of the model are damaged/);
  });
});

describe('treeShap', () => {
  /** x0 < 0 ? (x1 < 0 ? 1 : 2) : (x1 < 0 ? 3 : 8), and x0 asked once more on the far right. */
  const trees: TreeArrays = {
    baseMargin: 0.5,
    features: 3,
    roots: Int32Array.of(0),
    left: Int32Array.of(1, 3, 5, -1, -1, -1, 7, -1, -1),
    right: Int32Array.of(2, 4, 6, -1, -1, -1, 8, -1, -1),
    feature: Int32Array.of(0, 1, 1, -1, -1, -1, 0, -1, -1),
    missingLeft: new Uint8Array(9),
    value: Float32Array.of(0, 0, 0, 1, 2, 3, 5, 8, 9),
    gain: new Float32Array(9),
    cover: Float32Array.of(10, 4, 6, 1, 3, 2, 4, 3, 1),
  };

  it('is the Shapley value, by all subsets', () => {
    const given = (row: Float32Array, known: number[], node = 0): number => {
      const [l, r] = [trees.left[node], trees.right[node]];
      if (l < 0) return trees.value[node];
      if (known.includes(trees.feature[node])) {
        return given(row, known, row[trees.feature[node]] < trees.value[node] ? l : r);
      }
      const share = trees.cover[l] / (trees.cover[l] + trees.cover[r]);
      return share * given(row, known, l) + (1 - share) * given(row, known, r);
    };
    for (const row of [
      [-1, -1, 0],
      [1, -1, 0],
      [1, 1, 0],
      [6, 1, 0],
    ].map((v) => Float32Array.from(v))) {
      const alone = (f: number) => given(row, [f]) - given(row, []);
      const joined = (f: number, g: number) => given(row, [g, f]) - given(row, [g]);
      const { base, values } = treeShap(trees, row);
      expect(base).toBeCloseTo(0.5 + given(row, []), 6);
      expect(values[0]).toBeCloseTo((alone(0) + joined(0, 1)) / 2, 6);
      expect(values[1]).toBeCloseTo((alone(1) + joined(1, 0)) / 2, 6);
      expect(values[2]).toBe(0);
    }
  });
});
