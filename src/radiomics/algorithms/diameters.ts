import type { Vector3 } from '../../imaging/volume.ts';
import type { RegionOfInterest } from '../region-of-interest.ts';

/** Largest distances between vertices of the surface mesh, mm. */
export interface Diameters {
  /** IBSI L0JK. */
  readonly largest: number;
  /** Within planes of constant k, j and i (PyRadiomics' Slice, Column and Row). */
  readonly slice: number;
  readonly column: number;
  readonly row: number;
}

/**
 * Vertices lie midway between a voxel of the region and a neighbour outside it: in half voxels, whole coordinates of
 * which exactly one is odd. The two ends of a longest distance are corners of the convex hull, in 3D as in each plane;
 * so each line of vertices keeps its two ends, each plane the corners of its hull, and only those are paired.
 */
export function diameters(region: RegionOfInterest): Diameters {
  const [alongI, alongJ] = lineEnds(region);
  const { size, spacing } = region;
  const [a, b, c] = size.map((n) => 2 * n + 1);
  const [x, y, z] = spacing.map((mm) => mm / 2);
  const candidates = new PointList();
  let [slice, column, row] = [0, 0, 0];
  const plane = new Plane(2 * Math.max(a, b, c));
  for (let k = 0; k < c; k++) {
    plane.clear();
    for (let j = 0; j < b; j++) plane.add(alongI, j + b * k, j);
    plane.toHull();
    slice = Math.max(slice, plane.diameter(x, y));
    for (let n = 0; n < plane.count; n++) candidates.add(plane.first[n], plane.second[n], k);
  }
  for (let j = 0; j < b; j++) {
    plane.clear();
    for (let k = 0; k < c; k++) plane.add(alongI, j + b * k, k);
    plane.toHull();
    column = Math.max(column, plane.diameter(x, z));
  }
  for (let i = 0; i < a; i++) {
    plane.clear();
    for (let k = 0; k < c; k++) plane.add(alongJ, i + a * k, k);
    plane.toHull();
    row = Math.max(row, plane.diameter(y, z));
  }
  const largest = farthestPair(candidates, [x, y, z]);
  return { largest, slice: Math.sqrt(slice), column: Math.sqrt(column), row: Math.sqrt(row) };
}

/** Corners of the mesh's convex hull and a few more, half voxels from the box's corner: `[i, j, k, i, j, k, …]`. */
export function hullCandidates(region: RegionOfInterest): Int32Array {
  const [alongI] = lineEnds(region);
  const [a, b, c] = region.size.map((n) => 2 * n + 1);
  const candidates = new PointList();
  const plane = new Plane(2 * Math.max(a, b, c));
  for (let k = 0; k < c; k++) {
    plane.clear();
    for (let j = 0; j < b; j++) plane.add(alongI, j + b * k, j);
    plane.toHull();
    for (let n = 0; n < plane.count; n++) candidates.add(plane.first[n], plane.second[n], k);
  }
  return candidates.values();
}

/** First and last vertex of each line of vertices; first > last where the line has none. */
interface LineEnds {
  readonly first: Int32Array;
  readonly last: Int32Array;
}

/** Ends of lines along i, by `j + b·k`, and along j, by `i + a·k`. Half voxels; voxel n has its centre at 2n + 1. */
function lineEnds({ size, mask }: RegionOfInterest): [LineEnds, LineEnds] {
  const [nx, ny, nz] = size;
  const [a, b, c] = size.map((n) => 2 * n + 1);
  const alongI = noEnds(b * c);
  const alongJ = noEnds(a * c);
  const plane = nx * ny;
  for (let k = 0, at = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) {
      for (let i = 0; i < nx; i++, at++) {
        if (mask[at] === 0) continue;
        const [hi, hj, hk] = [2 * i + 1, 2 * j + 1, 2 * k + 1];
        if (i === 0 || mask[at - 1] === 0) put(alongI, alongJ, hi - 1, hj, hk, a, b);
        if (i === nx - 1 || mask[at + 1] === 0) put(alongI, alongJ, hi + 1, hj, hk, a, b);
        if (j === 0 || mask[at - nx] === 0) put(alongI, alongJ, hi, hj - 1, hk, a, b);
        if (j === ny - 1 || mask[at + nx] === 0) put(alongI, alongJ, hi, hj + 1, hk, a, b);
        if (k === 0 || mask[at - plane] === 0) put(alongI, alongJ, hi, hj, hk - 1, a, b);
        if (k === nz - 1 || mask[at + plane] === 0) put(alongI, alongJ, hi, hj, hk + 1, a, b);
      }
    }
  }
  return [alongI, alongJ];
}

function noEnds(lines: number): LineEnds {
  return {
    first: new Int32Array(lines).fill(0x7fffffff),
    last: new Int32Array(lines).fill(-1),
  };
}

function put(
  alongI: LineEnds,
  alongJ: LineEnds,
  i: number,
  j: number,
  k: number,
  a: number,
  b: number,
) {
  const lineI = j + b * k;
  if (i < alongI.first[lineI]) alongI.first[lineI] = i;
  if (i > alongI.last[lineI]) alongI.last[lineI] = i;
  const lineJ = i + a * k;
  if (j < alongJ.first[lineJ]) alongJ.first[lineJ] = j;
  if (j > alongJ.last[lineJ]) alongJ.last[lineJ] = j;
}

/** Points of one plane, added line by line with the second coordinate rising. */
class Plane {
  count = 0;
  readonly first: Int32Array;
  readonly second: Int32Array;
  private readonly corners: Int32Array;

  constructor(most: number) {
    this.first = new Int32Array(most);
    this.second = new Int32Array(most);
    this.corners = new Int32Array(2 * most + 2);
  }

  clear(): void {
    this.count = 0;
  }

  add({ first, last }: LineEnds, line: number, second: number): void {
    if (last[line] < 0) return;
    this.first[this.count] = first[line];
    this.second[this.count++] = second;
    if (last[line] === first[line]) return;
    this.first[this.count] = last[line];
    this.second[this.count++] = second;
  }

  /** Keeps the corners of the convex hull (monotone chain, Andrew 1979; whole numbers, so exact). */
  toHull(): void {
    const { first, second, corners, count } = this;
    if (count < 3) return;
    let kept = 0;
    for (let n = 0; n < count; n++) {
      while (kept > 1 && this.turn(corners[kept - 2], corners[kept - 1], n) <= 0) kept--;
      corners[kept++] = n;
    }
    const below = kept + 1;
    for (let n = count - 2; n >= 0; n--) {
      while (kept >= below && this.turn(corners[kept - 2], corners[kept - 1], n) <= 0) kept--;
      corners[kept++] = n;
    }
    // The chain ends where it began. Corners are moved to the front in rising order, so none is overwritten early.
    const order = corners.subarray(0, kept - 1).sort();
    for (let n = 0; n < order.length; n++) {
      first[n] = first[order[n]];
      second[n] = second[order[n]];
    }
    this.count = order.length;
  }

  private turn(o: number, a: number, b: number): number {
    const { first: u, second: v } = this;
    return (v[a] - v[o]) * (u[b] - u[o]) - (u[a] - u[o]) * (v[b] - v[o]);
  }

  /** Largest squared distance between the points left, with `su` and `sv` mm per unit. */
  diameter(su: number, sv: number): number {
    let largest = 0;
    for (let p = 1; p < this.count; p++) {
      for (let q = 0; q < p; q++) {
        const u = (this.first[p] - this.first[q]) * su;
        const v = (this.second[p] - this.second[q]) * sv;
        const squared = u * u + v * v;
        if (squared > largest) largest = squared;
      }
    }
    return largest;
  }
}

class PointList {
  private data = new Int32Array(3 * 256);
  private length = 0;

  add(i: number, j: number, k: number): void {
    if (this.length === this.data.length) {
      const longer = new Int32Array(2 * this.data.length);
      longer.set(this.data);
      this.data = longer;
    }
    this.data[this.length++] = i;
    this.data[this.length++] = j;
    this.data[this.length++] = k;
  }

  values(): Int32Array {
    return this.data.subarray(0, this.length);
  }
}

/**
 * Largest distance between two of the points. Sorted by distance from the middle, outermost first, a point needs no
 * partner that lies nearer to the middle than the best distance so far minus its own.
 */
function farthestPair(points: PointList, unit: Vector3): number {
  const raw = points.values();
  const count = raw.length / 3;
  const middle = [0, 0, 0];
  for (let axis = 0; axis < 3; axis++) {
    let low = Number.POSITIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    for (let n = axis; n < raw.length; n += 3) {
      if (raw[n] < low) low = raw[n];
      if (raw[n] > high) high = raw[n];
    }
    middle[axis] = (low + high) / 2;
  }
  const radius = new Float64Array(count);
  for (let n = 0; n < count; n++) {
    const [x, y, z] = [0, 1, 2].map((axis) => (raw[3 * n + axis] - middle[axis]) * unit[axis]);
    radius[n] = Math.sqrt(x * x + y * y + z * z);
  }
  const order = Int32Array.from({ length: count }, (_, n) => n).sort(
    (p, q) => radius[q] - radius[p],
  );
  const [x, y, z, r] = [0, 1, 2, 3].map((axis) =>
    Float64Array.from(order, (n) => (axis === 3 ? radius[n] : raw[3 * n + axis] * unit[axis])),
  );
  let best = 0;
  let reach = 0;
  for (let p = 0; p < count && 2 * r[p] >= reach; p++) {
    for (let q = p + 1; q < count && r[p] + r[q] >= reach; q++) {
      const squared = (x[p] - x[q]) ** 2 + (y[p] - y[q]) ** 2 + (z[p] - z[q]) ** 2;
      if (squared > best) {
        best = squared;
        // A little less than the distance, so that rounding never cuts off the true pair.
        reach = Math.sqrt(best) * (1 - 1e-12);
      }
    }
  }
  return Math.sqrt(best);
}
