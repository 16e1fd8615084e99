import type { RandomStream } from '../runtime/random-stream.ts';
import type { FittedSelection } from './feature-selection.ts';
import type { ColumnEliminator, FittedClassifier } from './fitted-classifier.ts';
import type { TrainingRows } from './rows.ts';

/** What a learner chose and learned. */
export interface Learned {
  classifier: FittedClassifier;
  /** Class 1 is predicted at and above it; chosen on training rows. */
  threshold: number;
  /** Settings that inner folds chose: numbers of the booster, or penalty and strength of a logistic regression. */
  settings: Record<string, number | string>;
}

/** A kind of classifier with its settings to try, ready to learn from training rows. */
export interface Learner extends ColumnEliminator {
  /** Engine and version. */
  readonly engine: string;
  /**
   * Chooses settings and threshold on inner folds of the training rows, then fits on all of them.
   *
   * @param rows the training rows before selection, for folds that select anew
   * @param folds draws the inner folds
   */
  learn(rows: TrainingRows, selection: FittedSelection, folds: RandomStream): Learned;
}
