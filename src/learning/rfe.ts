import { NacreError } from '../runtime/errors.ts';
import type { Booster } from './xgboost/booster.ts';
import { type BoosterMatrix, matrixColumns } from './xgboost/booster-matrix.ts';
import type { BoosterParams } from './xgboost/booster-settings.ts';
import type { TreeEnsemble } from './xgboost/trees.ts';

export interface RfeOptions {
  /** Columns to keep. Default 10; all are kept where there are no more. */
  features?: number;
  /** Columns dropped a step: a whole number from 1, or a share in (0, 1) of the count at the start. Default 1. */
  step?: number;
  /** Default `gain`. */
  importance?: 'gain' | 'total-gain';
}

/** A classifier that can be fitted on some of the columns and ranks those. */
export interface ColumnRanker<M> {
  columns: number;
  /** Fitted on these columns. */
  fit(columns: readonly number[]): M;
  /** Importance of each column that the model was fitted on, 0 where it plays no part. */
  importances(model: M): ArrayLike<number>;
  /** The model without columns of importance 0, where that equals a new fit; `stay` are the places that stay. Undefined: fit again. */
  without(model: M, stay: readonly number[], before: number): M | undefined;
}

export interface RankedColumns<M> {
  /** Column numbers kept, ascending. */
  kept: number[];
  /** 1 for kept columns, then 2, 3 … a step backward: the highest rank was dropped first (scikit-learn's `ranking_`). */
  ranking: Int32Array;
  /** The model over the kept columns. */
  model: M;
  /** Fits that ran; steps that drop unused columns alone may need none. */
  fits: number;
}

export interface RfeResult extends Omit<RankedColumns<TreeEnsemble>, 'model'> {
  /** The trees over the kept columns. */
  trees: TreeEnsemble;
}

/**
 * Recursive feature elimination by gain importance, as scikit-learn's RFE around XGBClassifier.
 *
 * A step that drops only columns which no tree uses needs no new fit: without sampling and pruning, greedy trees owe nothing
 * to a column that won no split, so they would grow the same again (the tests grow them and compare).
 *
 * @throws NacreError `bad-option` and what `Booster.fit` throws
 */
export function eliminate(
  booster: Booster,
  matrix: BoosterMatrix,
  labels: Uint8Array,
  params: Partial<BoosterParams>,
  options: RfeOptions = {},
): RfeResult {
  const { importance = 'gain' } = options;
  // Sampling draws as many numbers as there are columns, so then every step changes the trees. With a least gain a column may have
  // won a split that was pruned with what stood below it: another in its place could have stayed.
  const { columnSample = 1, subsample = 1, gamma = 0 } = params;
  const owesAll = columnSample < 1 || subsample < 1 || gamma > 0;
  const narrowing = booster.narrowing?.(matrix, labels, params);
  const ranker: ColumnRanker<TreeEnsemble> = {
    columns: matrix.columns,
    fit: (columns) =>
      narrowing?.fit(columns) ??
      booster.fit(
        columns.length === matrix.columns ? matrix : matrixColumns(matrix, columns),
        labels,
        params,
      ),
    importances: (trees) => trees.importances(importance),
    without: (trees, stay, before) =>
      owesAll ? undefined : trees.renumbered(inverse(stay, before), stay.length),
  };
  const { model: trees, ...ranked } = eliminateColumns(ranker, options);
  return { ...ranked, trees };
}

/**
 * Recursive feature elimination as scikit-learn's RFE: fit, drop the `step` least important columns, fit again, until
 * `features` are left; the last step drops only what is too many. Among equal importances the later columns go first.
 *
 * @throws NacreError `bad-option` and what the fit throws
 */
export function eliminateColumns<M>(
  ranker: ColumnRanker<M>,
  options: RfeOptions = {},
): RankedColumns<M> {
  const { features = 10, step = 1 } = options;
  const stepSize = checkedStep(step, ranker.columns);
  if (!Number.isInteger(features) || features < 1) {
    throw new NacreError('bad-option', 'RFE must keep a whole number of columns', {
      column: 'rfe.features',
      found: String(features),
      expected: '1 or more',
    });
  }
  const drops: number[][] = [];
  let kept = Array.from({ length: ranker.columns }, (_, c) => c);
  let model = ranker.fit(kept);
  let fits = 1;
  while (kept.length > features) {
    const importances = ranker.importances(model);
    const order = kept
      .map((_, i) => i)
      .sort((a, b) =>
        importances[a] < importances[b] ? -1 : importances[a] > importances[b] ? 1 : b - a,
      );
    const dropped = new Set(order.slice(0, Math.min(stepSize, kept.length - features)));
    drops.push([...dropped].map((i) => kept[i]));
    const unused = [...dropped].every((i) => importances[i] === 0);
    const stay = kept.map((_, i) => i).filter((i) => !dropped.has(i));
    const before = kept.length;
    kept = stay.map((i) => kept[i]);
    const reduced = unused ? ranker.without(model, stay, before) : undefined;
    if (reduced === undefined) fits++;
    model = reduced ?? ranker.fit(kept);
  }
  const ranking = new Int32Array(ranker.columns).fill(1);
  drops.forEach((columns, i) => {
    for (const column of columns) ranking[column] = drops.length - i + 1;
  });
  return { kept, ranking, model, fits };
}

function checkedStep(step: number, columns: number): number {
  if (step > 0 && step < 1) return Math.max(1, Math.floor(step * columns));
  if (step >= 1 && Number.isInteger(step)) return step;
  throw new NacreError('bad-option', 'the step of RFE is neither a count nor a share', {
    column: 'rfe.step',
    found: String(step),
    expected: 'a whole number from 1, or a share between 0 and 1',
  });
}

function inverse(stay: readonly number[], size: number): Int32Array {
  const to = new Int32Array(size).fill(-1);
  stay.forEach((from, i) => {
    to[from] = i;
  });
  return to;
}
