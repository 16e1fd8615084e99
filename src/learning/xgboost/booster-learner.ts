import { NacreError } from '../../runtime/errors.ts';
import type { FittedSelection } from '../feature-selection.ts';
import type { ColumnEliminator, FittedClassifier } from '../fitted-classifier.ts';
import type { Learned, Learner } from '../learner.ts';
import type { PipelineConfig } from '../pipeline-config.ts';
import { eliminate } from '../rfe.ts';
import type { TrainingRows } from '../rows.ts';
import { gridPoints, positiveWeight, tune } from '../tune.ts';
import type { Booster } from './booster.ts';
import { type BoosterMatrix, boosterMatrix } from './booster-matrix.ts';
import { type BoosterParams, defaultBoosterParams } from './booster-settings.ts';
import { shapOfRows } from './tree-shap.ts';
import type { TreeEnsemble } from './trees.ts';

/**
 * Gradient-boosted trees with the settings of a pipeline.
 *
 * @param labels of the training rows, for the weight of class 1
 * @param seed of the booster's own sampling
 */
export function boosterLearner(
  booster: Booster,
  config: PipelineConfig,
  labels: Uint8Array,
  seed: number,
): Learner {
  const points = gridPoints(config, positiveWeight(labels, config), seed);
  const first = { ...points[0], rounds: config.booster.rounds[0] };
  return {
    engine: booster.name,
    ...eliminatorWith(booster, () => first),
    learn(rows: TrainingRows, selection: FittedSelection, folds): Learned {
      const { params, threshold } = tune(
        {
          rows,
          selection,
          config,
          booster,
          eliminator: eliminatorWith(booster, (train) => ({
            ...points[0],
            positiveWeight: positiveWeight(train.labels, config),
          })),
        },
        points,
        folds,
      );
      const classifier =
        selection.fitted !== undefined && sameParams(params, first)
          ? selection.fitted
          : treeClassifier(booster.fit(boosterMatrix(selection.train), rows.labels, params));
      const { seed: _, ...shown } = params;
      const sampled = params.subsample < 1 || params.columnSample < 1;
      return { classifier, threshold, settings: sampled ? { ...shown, seed } : shown };
    },
  };
}

/** Trees as a classifier of rows. */
function treeClassifier(trees: TreeEnsemble): FittedClassifier {
  return {
    importances: () => trees.importances('gain'),
    probabilities: (rows) => trees.probabilities(boosterMatrix(rows)),
    contributions: (rows) => shapOfRows(trees.arrays, boosterMatrix(rows)),
    toJSON: () => ({ trees: trees.toJSON() }),
  };
}

function eliminatorWith(
  booster: Booster,
  paramsOf: (train: TrainingRows) => BoosterParams,
): ColumnEliminator {
  return {
    check: (train) => requireFloat32Variation(train, boosterMatrix(train)),
    eliminate(train, options) {
      const { kept, ranking, trees } = eliminate(
        booster,
        boosterMatrix(train),
        train.labels,
        paramsOf(train),
        options,
      );
      return { kept, ranking, fitted: treeClassifier(trees) };
    },
  };
}

/**
 * A column that varies but not as float32 could win no split, and would leave the selection in silence. Only columns
 * that are not scaled can do that: values of 1e-60, or 1e9 with differences below 64.
 */
function requireFloat32Variation({ columns }: TrainingRows, { values, rows }: BoosterMatrix): void {
  columns.forEach(({ name, values: exact }, c) => {
    const p = columns.length;
    for (let row = 0; row < rows; row++) {
      const same = Object.is(values[row * p + c], values[c]);
      if (!same) return;
    }
    if (exact.every((value) => Object.is(value, exact[0]))) return;
    throw new NacreError(
      'out-of-float32',
      'a feature does not vary in float32, the type that the booster holds',
      {
        column: name,
        found: `values from ${exact.reduce((low, value) => Math.min(low, value))} to ${exact.reduce((high, value) => Math.max(high, value))}`,
        expected: 'differences that float32 can hold',
        todo: 'scale the column (scale: zscore) or leave it out',
      },
    );
  });
}

function sameParams(a: BoosterParams, b: BoosterParams): boolean {
  return (Object.keys(defaultBoosterParams) as (keyof BoosterParams)[]).every(
    (key) => a[key] === b[key],
  );
}
