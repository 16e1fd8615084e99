import { hypot } from '../../runtime/elementary.ts';

/**
 * Points of a sphere: an icosahedron whose faces are split into four, so many times, and pushed out to the radius. The same points
 * as trimesh.creation.icosphere, on which PyRadiomics samples, to the last bit but for the library's own rounding of lengths.
 *
 * @returns x, y, z of every point
 */
export function icosphere(subdivisions: number, radius: number): Float64Array {
  const t = (1 + Math.sqrt(5)) / 2;
  const corners = [
    ...[t, -t].flatMap((b) => [
      [-1, b, 0],
      [1, b, 0],
    ]),
    ...[t, -t].flatMap((c) => [
      [0, -1, c],
      [0, 1, c],
    ]),
    ...[t, -t].flatMap((a) => [
      [a, 0, -1],
      [a, 0, 1],
    ]),
  ];
  // Corners (±1, ±t, 0) and their turns are 2 apart along every edge.
  const edge = 2;
  let faces: [number, number, number][] = [];
  for (let a = 0; a < 12; a++) {
    for (let b = a + 1; b < 12; b++) {
      for (let c = b + 1; c < 12; c++) {
        const near = (p: number, q: number) =>
          Math.abs(between(corners[p], corners[q]) - edge) < 1e-9;
        if (near(a, b) && near(a, c) && near(b, c)) faces.push([a, b, c]);
      }
    }
  }
  const scale = Math.sqrt(2 + t);
  const scaled = corners.map((p) => p.map((x) => x / scale));
  const points = subdivisions > 0 ? scaled : scaled.map((p) => outTo(p, radius));
  for (let s = 0; s < subdivisions; s++) {
    // New points in the order of trimesh: by the larger end of their edge, then by the smaller.
    const edges = new Map<number, [number, number]>();
    for (const [a, b, c] of faces) {
      for (const [p, q] of [
        [a, b],
        [b, c],
        [c, a],
      ]) {
        edges.set(keyOf(p, q), [Math.min(p, q), Math.max(p, q)]);
      }
    }
    const middles = new Map<number, number>();
    for (const [key, [p, q]] of [...edges].sort(([a], [b]) => a - b)) {
      middles.set(key, points.length);
      points.push(points[p].map((x, i) => (x + points[q][i]) / 2));
    }
    const middle = (p: number, q: number) => middles.get(keyOf(p, q)) as number;
    faces = faces.flatMap(([a, b, c]): [number, number, number][] => {
      const [ab, bc, ca] = [middle(a, b), middle(b, c), middle(c, a)];
      return [
        [a, ab, ca],
        [b, bc, ab],
        [c, ca, bc],
        [ab, bc, ca],
      ];
    });
    points.forEach((point, at) => {
      points[at] = outTo(point, radius);
    });
  }
  return Float64Array.from(points.flat());
}

function keyOf(p: number, q: number): number {
  return Math.max(p, q) * 1e6 + Math.min(p, q);
}

function between(p: number[], q: number[]): number {
  return hypot(p[0] - q[0], p[1] - q[1], p[2] - q[2]);
}

function outTo(p: number[], radius: number): number[] {
  const length = Math.sqrt(p[0] * p[0] + p[1] * p[1] + p[2] * p[2]);
  return p.map((x) => x + (x / length) * (radius - length));
}
