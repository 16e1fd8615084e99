import { dot } from './moments.ts';
import { HEAD } from './near-columns.ts';

/** Columns from which the directions are learned, and rounds of the iteration: any orthonormal directions give the same result. */
const SAMPLE = 512;
const ROUNDS = 3;

/**
 * Orthonormal directions along which columns vary most, by orthogonal iteration over a sample of them.
 *
 * @param unit unit vectors of n numbers, one after the other
 * @param places of the columns in `unit`
 */
export function mainDirections(
  unit: Float64Array,
  n: number,
  places: ArrayLike<number>,
): Float64Array[] {
  const second = new Float64Array(n * n);
  const step = Math.max(1, Math.floor(places.length / SAMPLE));
  for (let c = 0; c < places.length; c += step) {
    const start = places[c] * n;
    for (let i = 0; i < n; i++) {
      const value = unit[start + i];
      for (let j = 0; j < n; j++) second[i * n + j] += value * unit[start + j];
    }
  }
  const row = (i: number) => second.slice(i * n, (i + 1) * n);
  let directions = orthonormal(Array.from({ length: Math.min(HEAD, n) }, (_, i) => row(i)));
  for (let round = 0; round < ROUNDS; round++) {
    const turned = directions.map((direction) =>
      Float64Array.from({ length: n }, (_, i) => dot(second, i * n, direction, 0, n)),
    );
    directions = orthonormal(turned);
  }
  return directions;
}

/** Gram and Schmidt, twice over for rounding; what depends on those before is left out. */
function orthonormal(vectors: readonly Float64Array[]): Float64Array[] {
  const basis: Float64Array[] = [];
  for (const vector of vectors) {
    const before = Math.sqrt(dot(vector, 0, vector, 0, vector.length));
    const rest = vector.slice();
    for (const other of [...basis, ...basis]) {
      const along = dot(rest, 0, other, 0, rest.length);
      for (let i = 0; i < rest.length; i++) rest[i] -= along * other[i];
    }
    const length = Math.sqrt(dot(rest, 0, rest, 0, rest.length));
    if (length > 1e-6 * before) basis.push(rest.map((value) => value / length));
  }
  return basis;
}
