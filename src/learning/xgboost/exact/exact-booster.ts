import { type Booster, checkFit, type NarrowingFits } from '../booster.ts';
import { type BoosterMatrix, matrixColumns } from '../booster-matrix.ts';
import { type BoosterParams, boosterParams } from '../booster-settings.ts';
import { sortColumns } from './sorted-columns.ts';
import { TreeGrower } from './tree-grower.ts';

/**
 * nacre's own exact greedy trees: those of ml-xgboost, to the last bit, several times as fast. Where another engine's own order could
 * matter the fit is handed to that engine: random draws of rows and columns, equal values whose sum is not exact, and no least
 * hessian together with missing values or without a penalty.
 *
 * @param arbiter ml-xgboost
 */
export function exactBooster(arbiter: Booster): Booster {
  const narrowing = (
    matrix: BoosterMatrix,
    labels: Uint8Array,
    params: Partial<BoosterParams> = {},
  ): NarrowingFits => {
    const complete = boosterParams(params);
    checkFit(matrix, labels);
    const byArbiter = (columns: readonly number[]) =>
      arbiter.fit(matrixColumns(matrix, columns), labels, complete);
    if (!isOwn(complete, matrix)) return { fit: byArbiter };
    const grower = new TreeGrower(sortColumns(matrix), labels, complete);
    return { fit: (columns) => grower.fit(columns) ?? byArbiter(columns) };
  };
  return {
    name: `exact (nacre, as ${arbiter.name})`,
    fit: (matrix, labels, params) =>
      narrowing(matrix, labels, params).fit(Array.from({ length: matrix.columns }, (_, c) => c)),
    narrowing,
  };
}

function isOwn(
  { subsample, columnSample, minChildWeight, lambda }: BoosterParams,
  { values }: BoosterMatrix,
): boolean {
  if (subsample < 1 || columnSample < 1) return false;
  if (Math.fround(minChildWeight) > 0) return true;
  // Then a side may hold no row: of a column without a value in the node XGBoost takes a value that it saw elsewhere.
  return Math.fround(lambda) > 0 && !values.some(Number.isNaN);
}
