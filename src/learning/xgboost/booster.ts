import { NacreError } from '../../runtime/errors.ts';
import type { BoosterMatrix } from './booster-matrix.ts';
import type { BoosterParams } from './booster-settings.ts';
import type { TreeEnsemble } from './trees.ts';

/**
 * A gradient-boosted tree classifier for two classes (`binary:logistic`, `exact` trees). ml-xgboost is the one
 * that ships; a native XGBoost can stand in its place (`loadBooster`), with the same trees on the same data.
 */
export interface Booster {
  /** For provenance: `ml-xgboost 1.1.2`, `xgboost 1.7.4 (native)`. */
  readonly name: string;
  /** File or name of the native library, where one was loaded. */
  readonly library?: string;
  /**
   * @param labels 0 or 1 a row, both present
   * @throws NacreError before anything is handed to the engine
   */
  fit(matrix: BoosterMatrix, labels: Uint8Array, params?: Partial<BoosterParams>): TreeEnsemble;
  /** Fits on fewer and fewer columns of one table, with what they have in common done once; absent where an engine shares nothing. */
  narrowing?(
    matrix: BoosterMatrix,
    labels: Uint8Array,
    params?: Partial<BoosterParams>,
  ): NarrowingFits;
}

/** Fits one after another, each as `Booster.fit` on the named columns alone. */
export interface NarrowingFits {
  /** @param columns numbers of columns of the table, ascending, each among those of the fit before */
  fit(columns: readonly number[]): TreeEnsemble;
}

/** Checks what is to be fitted. @throws NacreError `table-shape`, `bad-labels`, `one-class`, `no-features` */
export function checkFit(matrix: BoosterMatrix, labels: Uint8Array): void {
  if (matrix.columns === 0 || matrix.rows === 0) {
    throw new NacreError('no-features', 'nothing is left to fit the booster on', {
      found: `${matrix.rows} rows, ${matrix.columns} columns`,
      expected: 'at least one row per class and one column',
      todo: 'loosen the filters or check the features',
    });
  }
  if (matrix.values.length !== matrix.rows * matrix.columns) {
    throw new NacreError('table-shape', 'the values of the matrix do not fit its shape', {
      found: `${matrix.values.length} values`,
      expected: `${matrix.rows} × ${matrix.columns}`,
    });
  }
  if (labels.length !== matrix.rows) {
    throw new NacreError('bad-labels', 'labels do not fit the matrix', {
      found: `${labels.length} labels`,
      expected: `${matrix.rows}, one per row`,
    });
  }
  let positives = 0;
  for (const label of labels) {
    if (label > 1) {
      throw new NacreError('bad-labels', 'a label is neither 0 nor 1', { found: String(label) });
    }
    positives += label;
  }
  if (positives === 0 || positives === labels.length) {
    throw new NacreError('one-class', 'all rows have the same outcome', {
      found: `${positives} of class 1 among ${labels.length} rows`,
      expected: 'rows of both classes',
    });
  }
}
