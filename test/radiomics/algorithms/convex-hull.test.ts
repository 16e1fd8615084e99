import { describe, expect, it } from 'vitest';
import { convexHull } from '../../../src/radiomics/algorithms/convex-hull.ts';
import fc from '../../property-runs.ts';

describe('convex hull', () => {
  it('of a box with points in its faces, on its edges and inside', () => {
    const points: number[] = [];
    for (let i = 0; i <= 4; i++)
      for (let j = 0; j <= 6; j++) for (let k = 0; k <= 2; k++) points.push(i, j, k);
    const { volume, area } = convexHull(Int32Array.from(points), [0.5, 1, 3]);
    expect(volume).toBeCloseTo(2 * 6 * 6, 12);
    expect(area).toBeCloseTo(2 * (2 * 6 + 6 * 6 + 6 * 2), 12);
  });

  it('of an octahedron', () => {
    const points = [3, 0, 0, -3, 0, 0, 0, 3, 0, 0, -3, 0, 0, 0, 3, 0, 0, -3];
    const { volume, area } = convexHull(Int32Array.from(points), [1, 1, 1]);
    expect(volume).toBeCloseTo(36, 12);
    expect(area).toBeCloseTo(8 * (Math.sqrt(3) / 4) * 18, 12);
  });

  it('equals the planes that have all points on one side', () => {
    const coordinate = fc.integer({ min: -4, max: 4 });
    const clouds = fc
      .uniqueArray(fc.tuple(coordinate, coordinate, coordinate), {
        minLength: 3,
        maxLength: 14,
        selector: String,
      })
      // Four that are not in one plane, outside the range of the others only at times.
      .map((some) => [[0, 0, 0], [3, 0, 0], [0, 3, 0], [0, 0, 3], ...some]);
    fc.assert(
      fc.property(clouds, (points) => {
        const hull = convexHull(Int32Array.from(points.flat()), [1, 1, 1]);
        expect(hull.volume).toBeCloseTo(volumeByPlanes(points), 9);
      }),
      { numRuns: 40 },
    );
  });
});

/** Every plane through three points with all others on one side is a face: Σ area · height / 3, each plane once. */
function volumeByPlanes(points: number[][]): number {
  const planes = new Map<string, { normal: number[]; offset: number }>();
  for (const a of points)
    for (const b of points)
      for (const c of points) {
        const [u, v] = [b, c].map((p) => p.map((x, axis) => x - a[axis]));
        const n = [u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0]];
        const length = Math.hypot(...n);
        if (length === 0) continue;
        const normal = n.map((x) => x / length);
        const height = (p: number[]) => p.reduce((sum, x, axis) => sum + x * normal[axis], 0);
        if (points.some((p) => height(p) > height(a) + 1e-9)) continue;
        // Adding 0 makes -0 the same as 0.
        planes.set([...normal, height(a)].map((x) => Math.round(x * 1e6) + 0).join(), {
          normal,
          offset: height(a),
        });
      }
  const centre = [0, 1, 2].map((axis) => points.reduce((s, p) => s + p[axis], 0) / points.length);
  let volume = 0;
  for (const { normal, offset } of planes.values()) {
    const on = points.filter(
      (p) => Math.abs(p.reduce((s, x, axis) => s + x * normal[axis], 0) - offset) < 1e-9,
    );
    const height = offset - centre.reduce((s, x, axis) => s + x * normal[axis], 0);
    volume += (areaInPlane(on, normal) * height) / 3;
  }
  return volume;
}

/** Area of the convex hull of points in a plane: edges have all others on their left (shoelace over them). */
function areaInPlane(points: number[][], normal: number[]): number {
  const cross = (u: number[], v: number[]) => [
    u[1] * v[2] - u[2] * v[1],
    u[2] * v[0] - u[0] * v[2],
    u[0] * v[1] - u[1] * v[0],
  ];
  const along = (u: number[]) => u.reduce((s, x, axis) => s + x * normal[axis], 0);
  const minus = (a: number[], b: number[]) => a.map((x, axis) => x - b[axis]);
  let twice = 0;
  for (const a of points)
    for (const b of points) {
      const edge = minus(b, a);
      if (Math.hypot(...edge) === 0) continue;
      const sides = points.map((p) => along(cross(edge, minus(p, a))));
      if (sides.some((s) => s < -1e-9)) continue;
      // Of points on one line the longest edge alone.
      const onLine = points.filter((_, p) => Math.abs(sides[p]) < 1e-9);
      const far = Math.max(...onLine.flatMap((p) => onLine.map((q) => Math.hypot(...minus(p, q)))));
      if (Math.hypot(...edge) < far - 1e-9) continue;
      twice += along(cross(minus(a, points[0]), minus(b, points[0])));
    }
  return twice / 2;
}
