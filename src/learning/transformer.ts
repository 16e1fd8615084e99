import type { HeldOutRows, TrainingRows } from './rows.ts';

/** Something learned from training rows that changes the columns of any rows. Constructors only store settings. */
export interface Transformer {
  fit(train: TrainingRows): FittedTransformer;
}

/** Result of `fit`. Only a fitted transformer transforms, so an unfitted transformer cannot be applied by mistake. */
export interface FittedTransformer {
  /** Rows stay what they are: training rows give training rows. @throws NacreError `missing-column` */
  transform<R extends TrainingRows | HeldOutRows>(rows: R): R;
  /** The learned values, as plain data. */
  toJSON(): object;
}
