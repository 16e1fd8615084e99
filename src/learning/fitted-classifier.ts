import type { RfeOptions } from './rfe.ts';
import type { HeldOutRows, TrainingRows } from './rows.ts';

/** A classifier that has learned, over the columns it was fitted on. */
export interface FittedClassifier {
  /** Importance of each column, 0 where it plays no part: mean gain of its splits, or the size of its coefficient. */
  importances(): Float64Array;
  /** Signed coefficients per standard deviation, where the classifier has them. */
  coefficients?: Float64Array | undefined;
  /** Probability of class 1, in [0, 1], one per row; rows hold the columns that were fitted, in their order. */
  probabilities(rows: TrainingRows | HeldOutRows): Float64Array;
  /**
   * What each column moves the log-odds of class 1 by: `contributions[row * columns + column]`; with `base` those of a row add up
   * to its log-odds.
   */
  contributions(rows: HeldOutRows): { base: number; contributions: Float64Array };
  /** Everything that was learned, under the name of the kind: `{ trees }` or `{ linear }`. */
  toJSON(): object;
}

/** What recursive feature elimination left. */
export interface Elimination {
  /** Column numbers kept, ascending. */
  kept: number[];
  /** 1 for kept columns; the highest rank was dropped first. */
  ranking: Int32Array;
  /** The classifier over the kept columns. */
  fitted: FittedClassifier;
}

/** The part of a classifier that feature selection asks for. */
export interface ColumnEliminator {
  /** Refuses columns that the classifier cannot hold. @throws NacreError */
  check(train: TrainingRows): void;
  /** Recursive feature elimination by the classifier's importances. */
  eliminate(train: TrainingRows, options: RfeOptions): Elimination;
}
