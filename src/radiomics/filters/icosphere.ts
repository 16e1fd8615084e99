/**
 * Points of a sphere: an icosahedron whose faces are split into four, so many times, and pushed out to the radius. The same points
 * as trimesh.creation.icosphere, on which PyRadiomics samples.
 *
 * @returns x, y, z of every point
 */
export function icosphere(subdivisions: number, radius: number): Float64Array {
  const t = (1 + Math.sqrt(5)) / 2;
  const corners: number[][] = [];
  for (const a of [-1, 1]) {
    for (const b of [-t, t]) corners.push([a, b, 0], [0, a, b], [b, 0, a]);
  }
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
  const points = corners.map((p) => outTo(p, radius));
  for (let s = 0; s < subdivisions; s++) {
    const middles = new Map<number, number>();
    const middle = (p: number, q: number): number => {
      const key = Math.min(p, q) * 1e6 + Math.max(p, q);
      const known = middles.get(key);
      if (known !== undefined) return known;
      points.push(
        outTo(
          points[p].map((x, i) => x + points[q][i]),
          radius,
        ),
      );
      middles.set(key, points.length - 1);
      return points.length - 1;
    };
    faces = faces.flatMap(([a, b, c]): [number, number, number][] => {
      const [ab, bc, ca] = [middle(a, b), middle(b, c), middle(c, a)];
      return [
        [a, ab, ca],
        [b, bc, ab],
        [c, ca, bc],
        [ab, bc, ca],
      ];
    });
  }
  return Float64Array.from(points.flat());
}

function between(p: number[], q: number[]): number {
  return Math.hypot(p[0] - q[0], p[1] - q[1], p[2] - q[2]);
}

function outTo(p: number[], radius: number): number[] {
  const length = Math.hypot(p[0], p[1], p[2]);
  return p.map((x) => (x / length) * radius);
}
