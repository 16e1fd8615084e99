import { z } from 'zod';
import { NacreError } from '../runtime/errors.ts';
import { type FeatureColumn, featureTable } from '../table/feature-table.ts';
import type { FittedPipeline } from './pipeline.ts';
import { rowsToPredict } from './rows.ts';
import { scaledValue } from './scaler.ts';
import { boosterMatrix } from './xgboost/booster-matrix.ts';
import { treeShap } from './xgboost/tree-shap.ts';
import { TreeEnsemble } from './xgboost/trees.ts';

const numbers = z.array(z.number());

/**
 * The part of a fitted pipeline that predicts, as plain data: the final columns with what was learned of each, and the
 * trees. Columns that the selection left out are not in it, so a file of it is small and asks for nothing it does not use.
 */
export const portablePipelineSchema = z.strictObject({
  /** In the order of the trees' columns: (value or fill − mean) / sd. */
  columns: z
    .array(
      z.strictObject({
        name: z.string(),
        /** Stands in for a missing value; null where gaps are left to the trees. */
        fill: z.number().nullable(),
        mean: z.number(),
        sd: z.number().gt(0),
        /** Mean gain of its splits. */
        gain: z.number(),
      }),
    )
    .min(1),
  /** Class 1 is predicted at and above it. */
  threshold: z.number().min(0).max(1),
  engine: z.string(),
  trees: z.strictObject({
    baseMargin: z.number(),
    features: z.int().min(1),
    roots: numbers,
    left: numbers,
    right: numbers,
    feature: numbers,
    missingLeft: numbers,
    value: numbers,
    gain: numbers,
    cover: numbers,
  }),
});

export type PortablePipeline = z.output<typeof portablePipelineSchema>;

interface FittedStep {
  name: string;
  fills?: Record<string, number | null>;
  scales?: { name: string; mean: number; sd: number }[];
}

/** The part of a fitted pipeline that predicts. Predictions are the same to the last bit. */
export function portablePipeline(fitted: FittedPipeline): PortablePipeline {
  const { steps, trees } = JSON.parse(JSON.stringify(fitted)) as {
    steps: FittedStep[];
    trees: PortablePipeline['trees'];
  };
  const fills = steps.find(({ name }) => name === 'impute')?.fills ?? {};
  const scales = new Map(
    steps.find(({ name }) => name === 'scale')?.scales?.map((scale) => [scale.name, scale]),
  );
  const gains = new Map(fitted.selected.map(({ feature, gain }) => [feature, gain]));
  return {
    columns: fitted.columns.map((name) => ({
      name,
      fill: fills[name] ?? null,
      mean: scales.get(name)?.mean ?? 0,
      sd: scales.get(name)?.sd ?? 1,
      gain: gains.get(name) ?? 0,
    })),
    threshold: fitted.threshold,
    engine: fitted.engine,
    trees,
  };
}

/** One row predicted. */
export interface Predicted {
  /** Probability of class 1, in [0, 1]. */
  probability: number;
  /** Log-odds before the row is known, and what each column moves them by, most first. */
  base: number;
  contributions: { feature: string; value: number | undefined; contribution: number }[];
}

/**
 * Predicts one patient from values by column name; NaN or absent is missing.
 *
 * @throws NacreError `bad-model` where the trees do not fit the columns
 */
export function predictPortable(
  model: PortablePipeline,
  values: ReadonlyMap<string, number>,
): Predicted {
  const trees = checkedTrees(model);
  const columns = model.columns.map(({ name, fill, mean, sd }): FeatureColumn => {
    const known = values.get(name) ?? Number.NaN;
    const used = Number.isNaN(known) ? (fill ?? Number.NaN) : known;
    return { name, block: 'model', values: Float64Array.of(scaledValue(used, mean, sd)) };
  });
  const matrix = boosterMatrix(rowsToPredict(featureTable(['patient'], columns)));
  const { base, values: shap } = treeShap(trees.arrays, matrix.values);
  const contributions = model.columns
    .map(({ name }, c) => {
      const known = values.get(name);
      return {
        feature: name,
        value: known === undefined || Number.isNaN(known) ? undefined : known,
        contribution: shap[c],
      };
    })
    .sort((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution));
  return { probability: trees.probabilities(matrix)[0], base, contributions };
}

/**
 * The trees of a pipeline. A file may come from anywhere: every index is checked before a tree is walked.
 *
 * @throws NacreError `bad-model`, naming the file where it is known
 */
export function checkedTrees({ columns, trees }: PortablePipeline, file?: string): TreeEnsemble {
  const nodes = trees.left.length;
  const arrays = [trees.right, trees.feature, trees.missingLeft, trees.value, trees.cover];
  const whole =
    trees.features === columns.length &&
    arrays.every((array) => array.length === nodes) &&
    trees.roots.every((root) => Number.isInteger(root) && root >= 0 && root < nodes) &&
    trees.left.every((left, node) => {
      const right = trees.right[node];
      if (left === -1) return right === -1;
      // Children stand after their parent, so no walk can go round in circles.
      return [left, right].every(
        (child) => Number.isInteger(child) && child > node && child < nodes,
      );
    }) &&
    trees.feature.every(
      (feature, node) =>
        trees.left[node] === -1 ||
        (Number.isInteger(feature) && feature >= 0 && feature < columns.length),
    );
  if (!whole) {
    throw new NacreError('bad-model', 'the trees of the model are damaged', {
      file,
      found: `${nodes} nodes over ${trees.features} columns`,
      expected: `whole trees over ${columns.length} columns`,
      todo: 'train the model again (nacre train)',
    });
  }
  return new TreeEnsemble({
    baseMargin: trees.baseMargin,
    features: trees.features,
    roots: Int32Array.from(trees.roots),
    left: Int32Array.from(trees.left),
    right: Int32Array.from(trees.right),
    feature: Int32Array.from(trees.feature),
    missingLeft: Uint8Array.from(trees.missingLeft),
    value: Float32Array.from(trees.value),
    gain: Float32Array.from(trees.gain),
    cover: Float32Array.from(trees.cover),
  });
}
