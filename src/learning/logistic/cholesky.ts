/**
 * Solves A x = b for a symmetric positive definite A, for several b at once.
 *
 * @param a row by row, size × size; its lower half is overwritten by the Cholesky factor
 * @param sides each of length `size`; overwritten by the solutions
 * @returns false where A is not positive definite to working precision; then `sides` are as they were
 */
export function solveInPlace(
  a: Float64Array,
  size: number,
  sides: readonly Float64Array[],
): boolean {
  for (let j = 0; j < size; j++) {
    const rowJ = j * size;
    for (let i = j; i < size; i++) {
      const rowI = i * size;
      let sum = a[rowI + j];
      for (let k = 0; k < j; k++) sum -= a[rowI + k] * a[rowJ + k];
      if (i > j) a[rowI + j] = sum / a[rowJ + j];
      else if (sum > 0) a[rowJ + j] = Math.sqrt(sum);
      else return false;
    }
  }
  for (const x of sides) {
    for (let i = 0; i < size; i++) {
      let sum = x[i];
      for (let k = 0; k < i; k++) sum -= a[i * size + k] * x[k];
      x[i] = sum / a[i * size + i];
    }
    for (let i = size - 1; i >= 0; i--) {
      let sum = x[i];
      for (let k = i + 1; k < size; k++) sum -= a[k * size + i] * x[k];
      x[i] = sum / a[i * size + i];
    }
  }
  return true;
}
