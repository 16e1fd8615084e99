import type { BoosterMatrix } from '../booster-matrix.ts';

/** Columns of a matrix with their rows in ascending order of value, for scans of all splits of a column. */
export interface SortedColumns {
  rows: number;
  columns: number;
  /** `values[column * rows + row]`, NaN where missing. */
  values: Float32Array;
  /** `order[column * rows + i]`: row of the i-th smallest value; missing values are left out. */
  order: Int32Array;
  /** Values of each column that are not missing. */
  present: Int32Array;
  /** 1 where a value occurs twice in a column. */
  tied: Uint8Array;
  /** 1 where a column has missing values and values that differ: XGBoost then looks at both directions. */
  searchesUp: Uint8Array;
}

export function sortColumns({ rows, columns, values: byRow }: BoosterMatrix): SortedColumns {
  const values = new Float32Array(rows * columns);
  const order = new Int32Array(rows * columns);
  const present = new Int32Array(columns);
  const tied = new Uint8Array(columns);
  const searchesUp = new Uint8Array(columns);
  for (let c = 0; c < columns; c++) {
    const start = c * rows;
    const column = values.subarray(start, start + rows);
    let count = 0;
    for (let row = 0; row < rows; row++) {
      column[row] = byRow[row * columns + c];
      if (!Number.isNaN(column[row])) order[start + count++] = row;
    }
    const sorted = order
      .subarray(start, start + count)
      .sort((a, b) => column[a] - column[b] || a - b);
    for (let i = 1; i < count && tied[c] === 0; i++) {
      if (column[sorted[i]] === column[sorted[i - 1]]) tied[c] = 1;
    }
    present[c] = count;
    const missing = count > 0 && count < rows;
    if (missing && column[sorted[0]] < column[sorted[count - 1]]) searchesUp[c] = 1;
  }
  return { rows, columns, values, order, present, tied, searchesUp };
}
