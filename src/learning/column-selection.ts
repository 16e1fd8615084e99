import { type HeldOutRows, selectColumns, type TrainingRows } from './rows.ts';
import type { FittedTransformer } from './transformer.ts';

/** Result of every fitted filter and ranking: the names that it keeps, in order. */
export class ColumnSelection implements FittedTransformer {
  readonly kept: readonly string[];

  constructor(kept: readonly string[]) {
    this.kept = kept;
  }

  transform<R extends TrainingRows | HeldOutRows>(rows: R): R {
    return selectColumns(rows, this.kept);
  }

  toJSON(): object {
    return { kept: this.kept };
  }
}
