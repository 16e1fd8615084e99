import { dotProduct } from '../dot-product.ts';

/** The inverse of Xᵀ X in factors, for several right sides. */
export interface LeastSquares {
  /** Coefficients of a right side, one per column of the design. */
  solve(values: Float64Array): Float64Array;
}

/** Smallest share of a column's own squares that the columns before it must leave over. */
const leastOwnShare = 1e-10;

/**
 * Least squares by modified Gram-Schmidt, which does not square the condition number as the normal equations do.
 *
 * @param columns of the design, each as long as the rows
 * @returns the number of the first column that the columns before it make up (to 1e-10 of its squares) in `dependent`
 */
export function leastSquares(
  columns: readonly Float64Array[],
): LeastSquares | { dependent: number } {
  const p = columns.length;
  const q: Float64Array[] = [];
  const r = Array.from({ length: p }, () => new Float64Array(p));
  for (let j = 0; j < p; j++) {
    const left = columns[j].slice();
    const before = dotProduct(left, left);
    // Twice is enough: the second pass removes what rounding left of the first.
    for (let pass = 0; pass < 2; pass++) {
      for (let k = 0; k < j; k++) {
        const share = dotProduct(q[k], left);
        r[k][j] += share;
        for (let i = 0; i < left.length; i++) left[i] -= share * q[k][i];
      }
    }
    const squares = dotProduct(left, left);
    if (!(squares > leastOwnShare * before)) return { dependent: j };
    r[j][j] = Math.sqrt(squares);
    q.push(left.map((value) => value / r[j][j]));
  }
  return {
    solve(values) {
      const solution = new Float64Array(p);
      for (let j = 0; j < p; j++) solution[j] = dotProduct(q[j], values);
      for (let j = p - 1; j >= 0; j--) {
        for (let k = j + 1; k < p; k++) solution[j] -= r[j][k] * solution[k];
        solution[j] /= r[j][j];
      }
      return solution;
    },
  };
}
