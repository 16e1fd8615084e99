import { NacreError, nearestName } from '../../runtime/errors.ts';
import type { BoosterMatrix } from './booster-matrix.ts';
import type { TreeEnsemble } from './trees.ts';

/** Settings of one fit: XGBoost's, in camel case, with its defaults but for the number of trees. */
export interface BoosterParams {
  /** Trees, 1 to 10,000. Default 100. */
  rounds: number;
  /** 1 to 16. Default 3. */
  maxDepth: number;
  /** `eta`, in (0, 1]. Default 0.1. */
  learningRate: number;
  /** Least sum of hessians in a leaf, at least 0. Default 1. */
  minChildWeight: number;
  /** Least gain of a split, at least 0. Default 0. */
  gamma: number;
  /** L2 penalty, at least 0. Default 1. */
  lambda: number;
  /** L1 penalty, at least 0. Default 0. */
  alpha: number;
  /** Share of rows a tree, (0, 1]. Default 1. */
  subsample: number;
  /** Share of columns a tree (`colsample_bytree`), (0, 1]. Default 1. */
  columnSample: number;
  /** Weight of class 1 rows (`scale_pos_weight`), above 0. Default 1. */
  positiveWeight: number;
  /** Only read where a share is below 1: 0 to 2^31 − 1. Default 0. */
  seed: number;
}

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
}

export const defaultBoosterParams: BoosterParams = {
  rounds: 100,
  maxDepth: 3,
  learningRate: 0.1,
  minChildWeight: 1,
  gamma: 0,
  lambda: 1,
  alpha: 0,
  subsample: 1,
  columnSample: 1,
  positiveWeight: 1,
  seed: 0,
};

/** Lowest and highest allowed; `open` where the lowest itself is not. */
const ranges: Record<keyof BoosterParams, { low: number; high: number; open?: true; int?: true }> =
  {
    rounds: { low: 1, high: 10_000, int: true },
    maxDepth: { low: 1, high: 16, int: true },
    learningRate: { low: 0, high: 1, open: true },
    minChildWeight: { low: 0, high: 1e30 },
    gamma: { low: 0, high: 1e30 },
    lambda: { low: 0, high: 1e30 },
    alpha: { low: 0, high: 1e30 },
    subsample: { low: 0, high: 1, open: true },
    columnSample: { low: 0, high: 1, open: true },
    positiveWeight: { low: 0, high: 1e30, open: true },
    seed: { low: 0, high: 2 ** 31 - 1, int: true },
  };

/** Completes and checks settings. @throws NacreError `unknown-name`, `bad-option` */
export function boosterParams(params: Partial<BoosterParams> = {}): BoosterParams {
  const known = Object.keys(ranges) as (keyof BoosterParams)[];
  for (const key of Object.keys(params)) {
    if (known.includes(key as keyof BoosterParams)) continue;
    const near = nearestName(key, known);
    throw new NacreError('unknown-name', 'the booster has no such parameter', {
      column: key,
      found: key,
      expected: `one of ${known.join(', ')}`,
      todo: near === undefined ? 'remove it' : `did you mean ${near}?`,
    });
  }
  const complete = { ...defaultBoosterParams, ...params };
  for (const key of known) {
    const { low, high, open, int } = ranges[key];
    const value: unknown = complete[key];
    const fits =
      typeof value === 'number' &&
      (open ? value > low : value >= low) &&
      value <= high &&
      (!int || Number.isInteger(value));
    if (fits) continue;
    throw new NacreError('bad-option', 'a parameter of the booster is out of range', {
      column: key,
      found: String(value),
      expected: `${int ? 'a whole number' : 'a number'} ${open ? 'above' : 'from'} ${low} to ${high}`,
    });
  }
  return complete;
}

/** Checks what is to be fitted. @throws NacreError `table-shape`, `bad-labels`, `one-class`, `no-features` */
export function checkFit(matrix: BoosterMatrix, labels: Uint8Array): void {
  if (matrix.columns === 0 || matrix.rows === 0) {
    throw new NacreError('no-features', 'nothing is left to fit the booster on', {
      found: `${matrix.rows} rows, ${matrix.columns} columns`,
      expected: 'at least one row a class and one column',
      todo: 'loosen the filters or check the features',
    });
  }
  if (matrix.values.length !== matrix.rows * matrix.columns) {
    throw new NacreError('table-shape', 'the matrix does not hold what it says', {
      found: `${matrix.values.length} values`,
      expected: `${matrix.rows} × ${matrix.columns}`,
    });
  }
  if (labels.length !== matrix.rows) {
    throw new NacreError('bad-labels', 'labels do not fit the matrix', {
      found: `${labels.length} labels`,
      expected: `${matrix.rows}, one a row`,
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
