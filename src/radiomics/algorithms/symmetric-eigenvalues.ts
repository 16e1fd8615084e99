import { loopMemory } from './loop-memory.ts';

/**
 * Eigenvalues of a symmetric matrix, ascending: Householder tridiagonalisation, then QL with implicit shifts
 * (Golub and Van Loan, Matrix Computations, 8.3). For matrices of some ten to some hundred rows.
 *
 * @param matrix n × n, row-major
 */
export function symmetricEigenvalues(matrix: Float64Array, n: number): Float64Array {
  const diagonal = new Float64Array(n);
  const off = new Float64Array(n);
  tridiagonalise(matrix, n, diagonal, off);
  implicitQL(diagonal, off, n);
  return diagonal.sort();
}

/** Reflections from the last row upward; `off[i]` couples rows i and i + 1. Only the lower triangle is read (`wasm/tridiagonal.ts`). */
export function tridiagonalise(
  matrix: Float64Array,
  n: number,
  diagonal: Float64Array,
  off: Float64Array,
): void {
  loopMemory([2 * n * n, 2 * n, 2 * n, 2 * n, 2 * n], ({ doubles, loops }, [m, d, o, v, w]) => {
    doubles.set(matrix, m / 8);
    loops.tridiagonalise(m, n, d, o, v, w);
    diagonal.set(doubles.subarray(d / 8, d / 8 + n));
    off.set(doubles.subarray(o / 8, o / 8 + n - 1));
  });
}

/** Over the diagonal, the eigenvalues in no order; `off` is used up. */
export function implicitQL(diagonal: Float64Array, off: Float64Array, n: number): void {
  loopMemory([2 * n, 2 * n], ({ doubles, loops }, [d, o]) => {
    doubles.set(diagonal, d / 8);
    doubles.set(off, o / 8);
    loops.implicitQL(d, o, n);
    diagonal.set(doubles.subarray(d / 8, d / 8 + n));
  });
}
