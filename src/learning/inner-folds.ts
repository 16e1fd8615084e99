import type { RandomStream } from '../runtime/random-stream.ts';
import { type FittedSelection, selectFeatures } from './feature-selection.ts';
import type { ColumnEliminator } from './fitted-classifier.ts';
import type { PipelineConfig } from './pipeline-config.ts';
import { type HeldOutRows, splitTraining, type TrainingRows } from './rows.ts';
import { youdenThreshold } from './scores.ts';
import { stratifiedFolds } from './stratified-folds.ts';

/** One inner fold of the training rows, with the columns that the selection left. */
export interface InnerFold {
  train: TrainingRows;
  heldOut: HeldOutRows;
  heldOutLabels: Uint8Array;
  /** Numbers of the held-out rows among the training rows. */
  rows: readonly number[];
}

/**
 * Stratified folds of the training rows. With `innerSelection: once` they share the features that were selected on all training
 * rows, with `each-fold` the features are selected anew on the training side of each.
 */
export function innerFolds(
  rows: TrainingRows,
  selection: FittedSelection,
  config: PipelineConfig,
  eliminator: ColumnEliminator,
  stream: RandomStream,
): InnerFold[] {
  return stratifiedFolds(rows.labels, config.innerFolds, stream).map((held) => {
    if (config.innerSelection === 'once') {
      return { ...splitTraining(selection.train, held), rows: held };
    }
    const { train, heldOut, heldOutLabels } = splitTraining(rows, held);
    const inner = selectFeatures(train, config, eliminator);
    return { train: inner.train, heldOut: inner.transform(heldOut), heldOutLabels, rows: held };
  });
}

/** Youden's threshold over all training rows, each predicted by the fold that held it out. */
export function outOfFoldThreshold(
  labels: Uint8Array,
  folds: readonly Pick<InnerFold, 'rows'>[],
  predicted: (fold: number) => Float64Array,
): number {
  const probabilities = new Float64Array(labels.length);
  folds.forEach(({ rows }, i) => {
    const ofFold = predicted(i);
    rows.forEach((row, at) => {
      probabilities[row] = ofFold[at];
    });
  });
  return youdenThreshold(labels, probabilities);
}
