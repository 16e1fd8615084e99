import type { Vector3 } from '../../imaging/volume.ts';

/** Volume and area of the convex hull of some points. */
export interface ConvexHull {
  /** mm³. */
  readonly volume: number;
  /** mm². */
  readonly area: number;
}

/** A triangle, anticlockwise seen from outside; `normal · point > offset` where the point sees it. */
interface Face {
  readonly corners: Vector3;
  readonly normal: Vector3;
  readonly offset: number;
}

/**
 * Convex hull, a point after the other: what a point sees is taken away, and the rim joined to it (Preparata and Hong's
 * incremental hull). Points are whole numbers, so seeing is decided exactly; a point in a face's plane does not see it.
 *
 * @param points `[i, j, k, i, j, k, …]`, not all in one plane, |coordinate| below 2^16
 * @param unit millimetres that one step of i, j, k stands for
 */
export function convexHull(points: Int32Array, unit: Vector3): ConvexHull {
  const count = points.length / 3;
  const at = (p: number): Vector3 => [points[3 * p], points[3 * p + 1], points[3 * p + 2]];
  const face = (a: number, b: number, c: number): Face => {
    const normal = cross(minus(at(b), at(a)), minus(at(c), at(a)));
    return { corners: [a, b, c], normal, offset: dot(normal, at(a)) };
  };
  let faces = tetrahedron(count, at, face);
  for (let p = 0; p < count; p++) {
    const [x, y, z] = at(p);
    const hidden: Face[] = [];
    const seen: Face[] = [];
    for (const one of faces) {
      const { normal, offset } = one;
      const above = normal[0] * x + normal[1] * y + normal[2] * z > offset;
      (above ? seen : hidden).push(one);
    }
    if (seen.length === 0) continue;
    const edges = new Set<number>();
    const around = (corners: Vector3) => [0, 1, 2].map((e) => [corners[e], corners[(e + 1) % 3]]);
    for (const { corners } of seen) {
      for (const [from, to] of around(corners)) edges.add(from * count + to);
    }
    for (const { corners } of seen) {
      for (const [from, to] of around(corners)) {
        // An edge of the rim has no seen face on its other side.
        if (!edges.has(to * count + from)) hidden.push(face(from, to, p));
      }
    }
    faces = hidden;
  }
  return measured(faces, unit);
}

function measured(faces: readonly Face[], unit: Vector3): ConvexHull {
  const voxel = unit[0] * unit[1] * unit[2];
  let volume = 0;
  let area = 0;
  for (const { normal, offset } of faces) {
    volume += (offset * voxel) / 6;
    // Lengths along i, j, k change, so the normal is that of the stretched triangle.
    area += Math.hypot(...normal.map((n, axis) => (n * voxel) / unit[axis])) / 2;
  }
  return { volume, area };
}

/** The first four points that span a volume, faces outward. */
function tetrahedron(
  count: number,
  at: (p: number) => Vector3,
  face: (a: number, b: number, c: number) => Face,
): Face[] {
  const first = (holds: (p: number) => boolean): number => {
    for (let p = 1; p < count; p++) if (holds(p)) return p;
    throw new Error('the points of a convex hull lie in one plane');
  };
  const b = first((p) => minus(at(p), at(0)).some((x) => x !== 0));
  const c = first((p) => face(0, b, p).normal.some((x) => x !== 0));
  const base = face(0, b, c);
  const d = first((p) => dot(base.normal, at(p)) !== base.offset);
  const up = dot(base.normal, at(d)) > base.offset;
  const [u, v] = up ? [c, b] : [b, c];
  return [face(0, u, v), face(0, v, d), face(v, u, d), face(u, 0, d)];
}

function minus(a: Vector3, b: Vector3): Vector3 {
  return [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
}

function cross(a: Vector3, b: Vector3): Vector3 {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}

function dot(a: Vector3, b: Vector3): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}
