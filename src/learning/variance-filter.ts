import { ColumnSelection } from './column-selection.ts';
import { moments } from './moments.ts';
import type { TrainingRows } from './rows.ts';
import type { Transformer } from './transformer.ts';

/**
 * Keeps the columns whose training variance (divided by N, over the values that are there) lies above the
 * threshold, as scikit-learn's VarianceThreshold. At 0, the default, it drops constants and all-missing columns, and no
 * column that varies, however small its values are.
 */
export class VarianceFilter implements Transformer {
  readonly threshold: number;

  constructor(threshold = 0) {
    this.threshold = threshold;
  }

  fit(train: TrainingRows): ColumnSelection {
    return new ColumnSelection(
      train.columns
        .filter(({ values }) => {
          const { variance, sd } = moments(values);
          return this.threshold === 0 ? sd > 0 : variance > this.threshold;
        })
        .map(({ name }) => name),
    );
  }
}
