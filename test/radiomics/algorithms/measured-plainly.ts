import type { Vector3 } from '../../../src/imaging/volume.ts';

/** What the loops of `wasm/form-loops.ts` and `wasm/sorted-sums.ts` give, by loops that say what is meant and nothing else. */

/** A box of voxels, 1 in the region. */
export interface Form {
  size: Vector3;
  mask: Uint8Array;
}

const inside =
  ({ size: [nx, ny, nz], mask }: Form) =>
  (i: number, j: number, k: number): number =>
    i < 0 || j < 0 || k < 0 || i >= nx || j >= ny || k >= nz ? 0 : mask[i + nx * (j + ny * k)];

/** Each voxel of the region. */
function* places({ size: [nx, ny, nz], mask }: Form): Generator<Vector3> {
  for (let k = 0, at = 0; k < nz; k++)
    for (let j = 0; j < ny; j++)
      for (let i = 0; i < nx; i++, at++) if (mask[at] === 1) yield [i, j, k];
}

/** First and last vertex of each line along i and along j, half voxels: `i 3 5` is the line along i at j = 3, k = 5. */
export function plainLineEnds(form: Form): Record<string, [number, number]> {
  const ends: Record<string, [number, number]> = {};
  const put = (line: string, place: number) => {
    const [first, last] = ends[line] ?? [place, place];
    ends[line] = [Math.min(first, place), Math.max(last, place)];
  };
  const at = inside(form);
  for (const [i, j, k] of places(form)) {
    for (const step of [-1, 1]) {
      for (const [di, dj, dk] of [
        [step, 0, 0],
        [0, step, 0],
        [0, 0, step],
      ]) {
        if (at(i + di, j + dj, k + dk) === 1) continue;
        const vertex = [2 * i + 1 + di, 2 * j + 1 + dj, 2 * k + 1 + dk];
        put(`i ${vertex[1]} ${vertex[2]}`, vertex[0]);
        put(`j ${vertex[0]} ${vertex[2]}`, vertex[1]);
      }
    }
  }
  return ends;
}

/** Largest distances between any two vertices of the mesh, mm: of all, and of those of one k, one j, one i. */
export function plainDiameters(form: Form, spacing: Vector3) {
  const vertices = Object.entries(plainLineEnds(form)).flatMap(([line, ends]) => {
    const [axis, first, second] = line.split(' ');
    const [p, q] = [Number(first), Number(second)];
    return ends.map((end): Vector3 => (axis === 'i' ? [end, p, q] : [p, end, q]));
  });
  const found = { largest: 0, slice: 0, column: 0, row: 0 };
  for (const a of vertices) {
    for (const b of vertices) {
      const apart = Math.hypot(...spacing.map((mm, axis) => ((a[axis] - b[axis]) * mm) / 2));
      found.largest = Math.max(found.largest, apart);
      if (a[2] === b[2]) found.slice = Math.max(found.slice, apart);
      if (a[1] === b[1]) found.column = Math.max(found.column, apart);
      if (a[0] === b[0]) found.row = Math.max(found.row, apart);
    }
  }
  return found;
}

/** Sums of x, y, z, xx, yy, zz, xy, xz, yz. */
export function plainPlaceSums(form: Form): number[] {
  const sums = [0, 0, 0, 0, 0, 0, 0, 0, 0];
  for (const [x, y, z] of places(form)) {
    [x, y, z, x * x, y * y, z * z, x * y, x * z, y * z].forEach((term, n) => {
      sums[n] += term;
    });
  }
  return sums;
}

/** Cubes by kind, with the sums of their places, the first cube at (0, 0, 0); those of kinds 0 and 255 are not counted. */
export function plainCubeTally(form: Form): number[] {
  const tally = new Array<number>(1024).fill(0);
  const [nx, ny, nz] = form.size;
  const at = inside(form);
  for (let k = 0; k <= nz; k++)
    for (let j = 0; j <= ny; j++)
      for (let i = 0; i <= nx; i++) {
        let kind = 0;
        // Corners go around a face: 000, 100, 110, 010, then the same one step up.
        for (let corner = 0; corner < 8; corner++) {
          const [di, dj, dk] = [(corner ^ (corner >> 1)) & 1, (corner >> 1) & 1, corner >> 2];
          kind += at(i - 1 + di, j - 1 + dj, k - 1 + dk) << corner;
        }
        if (kind === 0 || kind === 255) continue;
        [1, i, j, k].forEach((term, n) => {
          tally[4 * kind + n] += term;
        });
      }
  return tally;
}

/** Statistics of values in ascending order, each sum from the first value to the last. */
export function plainDistribution(sorted: readonly number[], shift: number) {
  const n = sorted.length;
  const sum = (term: (value: number) => number) => sorted.reduce((all, x) => all + term(x), 0);
  const at = (share: number) => {
    const place = ((n - 1) * share) / 100;
    const below = Math.floor(place);
    return sorted[below] + (sorted[Math.min(below + 1, n - 1)] - sorted[below]) * (place - below);
  };
  const mean = sorted[0] === sorted[n - 1] ? sorted[0] : sum((x) => x) / n;
  const variance = sum((x) => (x - mean) * (x - mean)) / n;
  const middle = sorted.filter((x) => x >= at(10) && x <= at(90));
  const robustMean = middle.reduce((all, x) => all + x, 0) / middle.length;
  const robust = middle.reduce((all, x) => all + Math.abs(x - robustMean), 0);
  const squared = (x: number) => (x - mean) * (x - mean);
  return {
    mean,
    minimum: sorted[0],
    maximum: sorted[n - 1],
    squares: sum((x) => (x + shift) * (x + shift)),
    variance,
    skewness:
      variance === 0
        ? 0
        : sum((x) => squared(x) * (x - mean)) / n / (variance * Math.sqrt(variance)),
    excessKurtosis:
      variance === 0 ? 0 : sum((x) => squared(x) * squared(x)) / n / (variance * variance) - 3,
    meanAbsoluteDeviation: sum((x) => Math.abs(x - mean)) / n,
    robustMeanAbsoluteDeviation: robust / middle.length,
    medianAbsoluteDeviation: sum((x) => Math.abs(x - at(50))) / n,
  };
}
