import type { RandomStream } from '../runtime/random-stream.ts';
import type { FittedSelection } from './feature-selection.ts';
import type { ColumnEliminator } from './fitted-classifier.ts';
import { innerFolds, outOfFoldThreshold } from './inner-folds.ts';
import type { PipelineConfig } from './pipeline-config.ts';
import type { TrainingRows } from './rows.ts';
import { logLoss, rankAuc } from './scores.ts';
import type { Booster } from './xgboost/booster.ts';
import { type BoosterMatrix, boosterMatrix } from './xgboost/booster-matrix.ts';
import { type BoosterParams, defaultBoosterParams } from './xgboost/booster-settings.ts';
import type { TreeEnsemble } from './xgboost/trees.ts';

/** The settings that inner folds decided on. */
export interface Tuned {
  params: BoosterParams;
  threshold: number;
}

/** The settings to tune, and the rows to tune on. */
export interface TuningTask {
  rows: TrainingRows;
  selection: FittedSelection;
  config: PipelineConfig;
  booster: Booster;
  /** Selects features anew in each fold, where the settings ask for it. */
  eliminator: ColumnEliminator;
}

interface Fold {
  train: BoosterMatrix;
  labels: Uint8Array;
  heldOut: BoosterMatrix;
  heldOutLabels: Uint8Array;
  rows: readonly number[];
}

/** Weight of class 1 rows that a configuration asks for. */
export function positiveWeight(labels: Uint8Array, config: PipelineConfig): number {
  if (config.classWeight === 'none') return 1;
  let positives = 0;
  for (const label of labels) positives += label;
  return (labels.length - positives) / positives;
}

/** Every combination of the grid but the number of trees, in the order of the keys; the last key turns fastest. */
export function gridPoints(config: PipelineConfig, weight: number, seed: number): BoosterParams[] {
  const { rounds, implementation: _, ...grid } = config.booster;
  let points: Partial<BoosterParams>[] = [{}];
  for (const [key, values] of Object.entries(grid)) {
    points = points.flatMap((point) => values.map((value) => ({ ...point, [key]: value })));
  }
  const most = Math.max(...rounds);
  return points.map((point) => ({
    ...defaultBoosterParams,
    ...point,
    rounds: most,
    positiveWeight: weight,
    seed,
  }));
}

/**
 * Chooses booster settings, number of trees and threshold on stratified folds of the training rows; without a
 * grid, early stopping or Youden's threshold there is nothing to choose and no fold is fitted. Settings of equal
 * score go to the first in the grid; all numbers of trees come from one fit of the largest.
 */
export function tune(
  task: TuningTask,
  points: readonly BoosterParams[],
  stream: RandomStream,
): Tuned {
  const { rows, selection, config, booster, eliminator } = task;
  const { rounds } = config.booster;
  const youden = config.threshold === 'youden';
  const single = points.length === 1 && rounds.length === 1 && config.earlyStopping === undefined;
  if (single && !youden) return { params: points[0], threshold: 0.5 };
  const folds = innerFolds(rows, selection, config, eliminator, stream).map(
    ({ train, heldOut, ...fold }): Fold => ({
      ...fold,
      train: boosterMatrix(train),
      labels: train.labels,
      heldOut: boosterMatrix(heldOut),
    }),
  );
  let best: { score: number; params: BoosterParams; fits: TreeEnsemble[] } | undefined;
  for (const point of points) {
    const fits = folds.map(({ train, labels }) =>
      booster.fit(train, labels, { ...point, positiveWeight: positiveWeight(labels, config) }),
    );
    const tried =
      config.earlyStopping === undefined
        ? rounds
        : [stoppingRound(folds, fits, config.earlyStopping.patience, point.positiveWeight)];
    for (const count of tried) {
      const score = meanScore(folds, fits, count, config.innerMetric, point.positiveWeight);
      if (best === undefined || score > best.score + 1e-12) {
        best = { score, params: { ...point, rounds: count }, fits };
      }
    }
  }
  const { params, fits } = best as NonNullable<typeof best>;
  return {
    params,
    threshold: youden
      ? outOfFoldThreshold(rows.labels, folds, (fold) =>
          fits[fold].probabilities(folds[fold].heldOut, params.rounds),
        )
      : 0.5,
  };
}

/** Mean over folds, higher is better. */
function meanScore(
  folds: readonly Fold[],
  fits: readonly TreeEnsemble[],
  rounds: number,
  metric: 'auc' | 'logloss',
  weight: number,
): number {
  let sum = 0;
  folds.forEach(({ heldOut, heldOutLabels }, i) => {
    const margins = fits[i].margins(heldOut, rounds);
    sum +=
      metric === 'auc' ? rankAuc(heldOutLabels, margins) : -logLoss(heldOutLabels, margins, weight);
  });
  return sum / folds.length;
}

/** Trees at the first minimum of the mean log-loss over folds that is not bettered for `patience` trees. */
function stoppingRound(
  folds: readonly Fold[],
  fits: readonly TreeEnsemble[],
  patience: number,
  weight: number,
): number {
  const staged = folds.map(({ heldOut }, i) => fits[i].stagedMargins(heldOut));
  let bestLoss = Number.POSITIVE_INFINITY;
  let bestRound = 0;
  for (let round = 0; round < fits[0].rounds && round - bestRound <= patience; round++) {
    let loss = 0;
    folds.forEach(({ heldOutLabels }, i) => {
      const n = heldOutLabels.length;
      loss += logLoss(heldOutLabels, staged[i].subarray(round * n, (round + 1) * n), weight);
    });
    if (loss < bestLoss) {
      bestLoss = loss;
      bestRound = round;
    }
  }
  return bestRound + 1;
}
