import { NacreError } from '../../runtime/errors.ts';
import type { HeldOutRows, TrainingRows } from '../rows.ts';

/** Input of a booster: float32 as XGBoost holds them, row after row, NaN where missing. */
export interface BoosterMatrix {
  readonly rows: number;
  readonly columns: number;
  /** `values[row * columns + column]` */
  readonly values: Float32Array;
  /** Column names, for errors. */
  readonly names: readonly string[];
}

/** ml-xgboost takes exactly −1 for missing; a value that is truly −1 becomes its neighbour toward 0. */
const MINUS_ONE_STAND_IN = Math.fround(-1 + 2 ** -24);

/**
 * Rows as a booster's matrix. A true −1 becomes −0.99999994, the next float32, here and therefore both in
 * training and in prediction, so that it is never taken for a missing value.
 *
 * @throws NacreError `out-of-float32` for a value that float32 cannot hold
 */
export function boosterMatrix(rows: TrainingRows | HeldOutRows): BoosterMatrix {
  const { patients, columns } = rows;
  const p = columns.length;
  const values = new Float32Array(patients.length * p);
  for (let c = 0; c < p; c++) {
    const source = columns[c].values;
    for (let row = 0, at = c; row < source.length; row++, at += p) {
      values[at] = source[row];
      if (values[at] === -1) values[at] = MINUS_ONE_STAND_IN;
      else if (values[at] - values[at] !== 0 && !Number.isNaN(source[row])) {
        throw new NacreError('out-of-float32', 'a feature is too large for the booster', {
          patient: patients[row],
          row: row + 1,
          column: columns[c].name,
          found: String(source[row]),
          expected: 'at most 3.4e38 in size (float32)',
          todo: 'scale the column (scale: zscore) or leave it out',
        });
      }
    }
  }
  return { rows: patients.length, columns: p, values, names: columns.map(({ name }) => name) };
}

/** Some columns of a matrix, in the order named. */
export function matrixColumns(matrix: BoosterMatrix, columns: readonly number[]): BoosterMatrix {
  const p = columns.length;
  const values = new Float32Array(matrix.rows * p);
  for (let row = 0; row < matrix.rows; row++) {
    for (let c = 0; c < p; c++) {
      values[row * p + c] = matrix.values[row * matrix.columns + columns[c]];
    }
  }
  return { rows: matrix.rows, columns: p, values, names: columns.map((c) => matrix.names[c]) };
}
