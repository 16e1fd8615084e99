import { z } from 'zod';
import { NacreError } from '../runtime/errors.ts';
import { type FeatureColumn, featureTable } from '../table/feature-table.ts';
import type { CombatModel } from './combat/combat.ts';
import {
  harmonisePatient,
  type PatientSite,
  portableCombat,
  portableCombatSchema,
} from './combat/portable-combat.ts';
import { type LinearModel, marginsOf, sigmoid } from './logistic/logistic-loss.ts';
import type { FittedPipeline } from './pipeline.ts';
import { rowsToPredict } from './rows.ts';
import { scaledValue } from './scaler.ts';
import { boosterMatrix } from './xgboost/booster-matrix.ts';
import { treeShap } from './xgboost/tree-shap.ts';
import { TreeEnsemble } from './xgboost/trees.ts';

const numbers = z.array(z.number());

const treesSchema = z.strictObject({
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
});

/**
 * The part of a fitted pipeline that predicts, as plain data: the final columns with what was learned of each, and the
 * trees or the coefficients. Columns that the selection left out are not in it, so a file of it is small and asks for nothing it does not use.
 */
export const portablePipelineSchema = z.strictObject({
  /** In the order of the classifier's columns: (value or fill − mean) / sd. */
  columns: z
    .array(
      z.strictObject({
        name: z.string(),
        /** Stands in for a missing value; null where gaps are left to the trees. */
        fill: z.number().nullable(),
        mean: z.number(),
        sd: z.number().gt(0),
        /** Mean gain of its splits, or the size of its coefficient. */
        gain: z.number(),
      }),
    )
    .min(1),
  /** Takes out the effect of the site after gaps are filled, before scaling; absent where nothing was harmonised. */
  harmonise: portableCombatSchema.optional(),
  /** Class 1 is predicted at and above it. */
  threshold: z.number().min(0).max(1),
  engine: z.string(),
  /** Of boosted trees; a pipeline has either these or `linear`. */
  trees: treesSchema.optional(),
  /** Of a logistic regression: log-odds = intercept + Σ coefficient · scaled column. */
  linear: z
    .strictObject({
      intercept: z.number(),
      /** In the order of the columns. */
      coefficients: numbers,
    })
    .optional(),
});

export type PortablePipeline = z.output<typeof portablePipelineSchema>;

interface FittedStep {
  name: string;
  fills?: Record<string, number | null>;
  scales?: { name: string; mean: number; sd: number }[];
}

/** ComBat as a step of a fitted pipeline. */
type CombatStep = FittedStep & CombatModel;

/** The part of a fitted pipeline that predicts. Predictions are the same to the last bit. */
export function portablePipeline(fitted: FittedPipeline): PortablePipeline {
  const { steps, trees, linear } = JSON.parse(JSON.stringify(fitted)) as Pick<
    PortablePipeline,
    'trees' | 'linear'
  > & { steps: FittedStep[] };
  const fills = steps.find(({ name }) => name === 'impute')?.fills ?? {};
  const scales = new Map(
    steps.find(({ name }) => name === 'scale')?.scales?.map((scale) => [scale.name, scale]),
  );
  const combat = steps.find(({ name }) => name === 'harmonise') as CombatStep | undefined;
  const { name: _, ...combatModel } = combat ?? { name: '' };
  const harmonise = combat && portableCombat(combatModel as CombatModel, fitted.columns);
  const gains = new Map(fitted.selected.map(({ feature, gain }) => [feature, gain]));
  return {
    columns: fitted.columns.map((name) => ({
      name,
      fill: fills[name] ?? null,
      mean: scales.get(name)?.mean ?? 0,
      sd: scales.get(name)?.sd ?? 1,
      gain: gains.get(name) ?? 0,
    })),
    ...(harmonise === undefined ? {} : { harmonise }),
    threshold: fitted.threshold,
    engine: fitted.engine,
    ...(trees === undefined ? {} : { trees }),
    ...(linear === undefined ? {} : { linear }),
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
 * Predicts one patient from values by column name; NaN or absent is missing. Contributions are Shapley values: of trees by
 * `treeShap`, of a logistic regression coefficient · scaled value, since the training mean of a scaled column is 0.
 *
 * @param place site and covariates of the patient, for a model that harmonises
 * @throws NacreError `bad-model` where trees or coefficients do not fit the columns, `unknown-site`
 */
export function predictPortable(
  model: PortablePipeline,
  values: ReadonlyMap<string, number>,
  { patient = 'the patient', ...place }: PatientSite & { patient?: string | undefined } = {},
): Predicted {
  const classifier = checkedClassifier(model);
  const filled = new Map(
    model.columns.map(({ name, fill }) => {
      const known = values.get(name) ?? Number.NaN;
      return [name, Number.isNaN(known) ? (fill ?? Number.NaN) : known];
    }),
  );
  const used =
    model.harmonise === undefined
      ? filled
      : harmonisePatient(model.harmonise, filled, patient, place);
  const columns = model.columns.map(({ name, mean, sd }): FeatureColumn => {
    const value = used.get(name) as number;
    return { name, block: 'model', values: Float64Array.of(scaledValue(value, mean, sd)) };
  });
  const { probability, base, shap } =
    'trees' in classifier
      ? predictByTrees(classifier.trees, columns)
      : predictByLine(classifier.linear, columns);
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
  return { probability, base, contributions };
}

interface OneRow {
  probability: number;
  base: number;
  shap: ArrayLike<number>;
}

function predictByTrees(trees: TreeEnsemble, columns: readonly FeatureColumn[]): OneRow {
  const matrix = boosterMatrix(rowsToPredict(featureTable(['patient'], [...columns])));
  const { base, values: shap } = treeShap(trees.arrays, matrix.values);
  return { probability: trees.probabilities(matrix)[0], base, shap };
}

function predictByLine(model: LinearModel, columns: readonly FeatureColumn[]): OneRow {
  const values = columns.map((column) => column.values);
  return {
    probability: sigmoid(marginsOf(values, model, 1)[0]),
    base: model.intercept,
    shap: values.map(([value], j) =>
      model.coefficients[j] === 0 ? 0 : model.coefficients[j] * value,
    ),
  };
}

/**
 * The classifier of a pipeline. A file may come from anywhere: everything is checked before it is used.
 *
 * @throws NacreError `bad-model`, naming the file where it is known
 */
export function checkedClassifier(
  { columns, trees, linear }: Pick<PortablePipeline, 'columns' | 'trees' | 'linear'>,
  file?: string,
): { trees: TreeEnsemble } | { linear: LinearModel } {
  if (trees !== undefined && linear === undefined) {
    return { trees: checkedTrees({ columns, trees }, file) };
  }
  if (linear === undefined || trees !== undefined) {
    throw new NacreError('bad-model', 'the model must have one classifier', {
      file,
      found: linear === undefined ? 'neither trees nor coefficients' : 'trees and coefficients',
      expected: 'either trees, or the coefficients of a logistic regression',
      todo: 'train the model again (nacre train)',
    });
  }
  const { intercept, coefficients } = linear;
  const gap = columns.find(({ fill }) => fill === null);
  if (coefficients.length !== columns.length || gap !== undefined) {
    throw new NacreError('bad-model', 'the coefficients of the model are damaged', {
      file,
      column: gap?.name,
      found:
        gap === undefined
          ? `${coefficients.length} coefficients`
          : 'no value that stands in for a missing one',
      expected: `one coefficient and one fill for each of ${columns.length} columns`,
      todo: 'train the model again (nacre train)',
    });
  }
  return { linear: { intercept, coefficients: Float64Array.from(coefficients) } };
}

/** Every index is checked before a tree is walked. */
function checkedTrees(
  {
    columns,
    trees,
  }: { columns: readonly unknown[]; trees: NonNullable<PortablePipeline['trees']> },
  file?: string,
): TreeEnsemble {
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
