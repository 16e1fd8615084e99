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

export interface RfeResult {
  /** Column numbers kept, ascending. */
  kept: number[];
  /** 1 for kept columns, then 2, 3 … a step backward: the highest rank was dropped first (scikit-learn's `ranking_`). */
  ranking: Int32Array;
  /** The trees over the kept columns. */
  trees: TreeEnsemble;
  /** Fits that ran; steps that drop unused columns alone need none. */
  fits: number;
}

/**
 * Recursive feature elimination by gain importance, as scikit-learn's RFE: fit, drop the `step` least important
 * columns, fit again, until `features` are left; the last step drops only what is too many. Among equal
 * importances the later columns go first.
 *
 * A step that drops only columns which no tree uses needs no new fit: without sampling, greedy trees owe nothing
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
  const { features = 10, step = 1, importance = 'gain' } = options;
  const stepSize = checkedStep(step, matrix.columns);
  if (!Number.isInteger(features) || features < 1) {
    throw new NacreError('bad-option', 'RFE must keep a whole number of columns', {
      column: 'rfe.features',
      found: String(features),
      expected: '1 or more',
    });
  }
  // Sampling draws as many numbers as there are columns, so then every step changes the trees.
  const sampled = (params.columnSample ?? 1) < 1 || (params.subsample ?? 1) < 1;
  const drops: number[][] = [];
  let kept = Array.from({ length: matrix.columns }, (_, c) => c);
  let trees = booster.fit(matrix, labels, params);
  let fits = 1;
  while (kept.length > features) {
    const gains = trees.importances(importance);
    const order = kept
      .map((_, i) => i)
      .sort((a, b) => (gains[a] < gains[b] ? -1 : gains[a] > gains[b] ? 1 : b - a));
    const dropped = new Set(order.slice(0, Math.min(stepSize, kept.length - features)));
    drops.push([...dropped].map((i) => kept[i]));
    const unused = [...dropped].every((i) => gains[i] === 0);
    const stay = kept.map((_, i) => i).filter((i) => !dropped.has(i));
    kept = stay.map((i) => kept[i]);
    if (unused && !sampled) {
      trees = trees.renumbered(inverse(stay, gains.length), stay.length);
    } else {
      trees = booster.fit(matrixColumns(matrix, kept), labels, params);
      fits++;
    }
  }
  const ranking = new Int32Array(matrix.columns).fill(1);
  drops.forEach((columns, i) => {
    for (const column of columns) ranking[column] = drops.length - i + 1;
  });
  return { kept, ranking, trees, fits };
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
