import type { Vector3 } from '../../imaging/volume.ts';

/** Voxels of a grid as real and, where there is one, imaginary part. */
export type Parts = readonly Float64Array[];

/**
 * Runs a transform along one axis of a grid (x fastest). The transform is given lines side by side, element t of line b at
 * `t · beside + b`, and changes them in place.
 */
export function alongAxis(
  parts: Parts,
  size: Vector3,
  axis: 0 | 1 | 2,
  transform: (parts: Parts, n: number, beside: number) => void,
): void {
  const n = size[axis];
  if (n < 2) return;
  if (axis === 0) {
    const lines = size[1] * size[2];
    const turned = parts.map((part) => transposed(part, n, lines));
    transform(turned, n, lines);
    for (const [at, part] of parts.entries()) part.set(transposed(turned[at], lines, n));
    return;
  }
  const beside = axis === 1 ? size[0] : size[0] * size[1];
  const block = n * beside;
  for (let from = 0; from < parts[0].length; from += block) {
    transform(
      parts.map((part) => part.subarray(from, from + block)),
      n,
      beside,
    );
  }
}

/** Of a matrix with rows of `columns` entries. */
function transposed(matrix: Float64Array, columns: number, rows: number): Float64Array {
  const out = new Float64Array(matrix.length);
  const tile = 32;
  for (let r0 = 0; r0 < rows; r0 += tile) {
    const r1 = Math.min(rows, r0 + tile);
    for (let c0 = 0; c0 < columns; c0 += tile) {
      const c1 = Math.min(columns, c0 + tile);
      for (let r = r0; r < r1; r++) {
        for (let c = c0; c < c1; c++) out[c * rows + r] = matrix[r * columns + c];
      }
    }
  }
  return out;
}
