import type { Vector3 } from '../../imaging/volume.ts';
import { hypot } from '../../runtime/elementary.ts';

/** Volume and area of the convex hull of some points. */
export interface ConvexHull {
  /** mm³. */
  readonly volume: number;
  /** mm². */
  readonly area: number;
}

/**
 * Convex hull, built point by point: the faces that a point sees are removed, and their rim is joined to it (Preparata and
 * Hong's incremental hull). Points are whole numbers, so seeing is decided exactly; a point in a face's plane does not see it.
 *
 * @param points `[i, j, k, i, j, k, …]`, not all in one plane, |coordinate| below 2^16
 * @param unit millimetres that one step of i, j, k stands for
 */
export function convexHull(points: Int32Array, unit: Vector3): ConvexHull {
  const count = points.length / 3;
  const faces = new Faces(points);
  startWithTetrahedron(faces, count);
  // Points are taken in scattered order: the first ones already form most of the hull, and the rest fall inside it.
  const stride = strideFor(count);
  for (let turn = 0, p = 0; turn < count; turn++, p = (p + stride) % count) {
    const seen = faces.takeSeen(p);
    if (seen.length === 0) continue;
    const edges = new Set<number>();
    for (let e = 0; e < seen.length; e += 2) edges.add(seen[e] * count + seen[e + 1]);
    for (let e = 0; e < seen.length; e += 2) {
      // An edge of the rim has no seen face on its other side.
      if (!edges.has(seen[e + 1] * count + seen[e])) faces.add(seen[e], seen[e + 1], p);
    }
  }
  return faces.measured(unit);
}

/** The first four points that span a volume, faces outward. */
function startWithTetrahedron(faces: Faces, count: number): void {
  const first = (holds: (p: number) => boolean): number => {
    for (let p = 1; p < count; p++) if (holds(p)) return p;
    throw new Error('the points of a convex hull lie in one plane');
  };
  const b = first((p) => faces.pointsDiffer(0, p));
  const c = first((p) =>
    faces
      .planeOf(0, b, p)
      .slice(0, 3)
      .some((x) => x !== 0),
  );
  const base = faces.planeOf(0, b, c);
  const d = first((p) => faces.height(base, p) !== 0);
  const [u, v] = faces.height(base, d) > 0 ? [c, b] : [b, c];
  faces.add(0, u, v);
  faces.add(0, v, d);
  faces.add(v, u, d);
  faces.add(u, 0, d);
}

/** A step of about 0.618 of a count that visits every index. */
function strideFor(count: number): number {
  const coprime = (a: number, b: number): boolean => (b === 0 ? a === 1 : coprime(b, a % b));
  let stride = Math.max(1, Math.round(0.618 * count));
  while (!coprime(count, stride)) stride++;
  return stride;
}

/** Triangles, anticlockwise seen from outside, with their planes `normal · point = offset`, in no order. */
class Faces {
  private readonly points: Int32Array;
  private count = 0;
  private corners = new Int32Array(3 * 256);
  private planes = new Float64Array(4 * 256);

  constructor(points: Int32Array) {
    this.points = points;
  }

  pointsDiffer(a: number, b: number): boolean {
    return [0, 1, 2].some((axis) => this.points[3 * a + axis] !== this.points[3 * b + axis]);
  }

  /** Normal (not of length 1) and offset. */
  planeOf(a: number, b: number, c: number): number[] {
    const { points } = this;
    const [x, y, z] = points.subarray(3 * a, 3 * a + 3);
    const [ux, uy, uz] = [points[3 * b] - x, points[3 * b + 1] - y, points[3 * b + 2] - z];
    const [vx, vy, vz] = [points[3 * c] - x, points[3 * c + 1] - y, points[3 * c + 2] - z];
    const [nx, ny, nz] = [uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx];
    return [nx, ny, nz, nx * x + ny * y + nz * z];
  }

  /** Above 0 where a point sees the plane. */
  height([nx, ny, nz, offset]: readonly number[], p: number): number {
    const { points } = this;
    return nx * points[3 * p] + ny * points[3 * p + 1] + nz * points[3 * p + 2] - offset;
  }

  add(a: number, b: number, c: number): void {
    if (3 * this.count === this.corners.length) this.grow();
    this.corners.set([a, b, c], 3 * this.count);
    this.planes.set(this.planeOf(a, b, c), 4 * this.count);
    this.count++;
  }

  /** Removes the faces that a point sees; their edges, two ends each. */
  takeSeen(p: number): number[] {
    const { points, planes, corners } = this;
    const [x, y, z] = [points[3 * p], points[3 * p + 1], points[3 * p + 2]];
    const edges: number[] = [];
    for (let f = 0; f < this.count; ) {
      const plane = 4 * f;
      if (planes[plane] * x + planes[plane + 1] * y + planes[plane + 2] * z <= planes[plane + 3]) {
        f++;
        continue;
      }
      const [a, b, c] = corners.subarray(3 * f, 3 * f + 3);
      edges.push(a, b, b, c, c, a);
      // The last face takes its place.
      this.count--;
      corners.copyWithin(3 * f, 3 * this.count, 3 * this.count + 3);
      planes.copyWithin(plane, 4 * this.count, 4 * this.count + 4);
    }
    return edges;
  }

  measured(unit: Vector3): ConvexHull {
    const voxel = unit[0] * unit[1] * unit[2];
    let volume = 0;
    let area = 0;
    for (let f = 0; f < this.count; f++) {
      const [nx, ny, nz, offset] = this.planes.subarray(4 * f, 4 * f + 4);
      volume += (offset * voxel) / 6;
      // Lengths along i, j, k change, so the normal is that of the stretched triangle.
      area += (voxel * hypot(nx / unit[0], ny / unit[1], nz / unit[2])) / 2;
    }
    return { volume, area };
  }

  private grow(): void {
    const corners = new Int32Array(2 * this.corners.length);
    const planes = new Float64Array(2 * this.planes.length);
    corners.set(this.corners);
    planes.set(this.planes);
    this.corners = corners;
    this.planes = planes;
  }
}
