import type { RegionOfInterest } from '../region-of-interest.ts';
import { placeSums } from './form-loops.ts';

/**
 * Variances of voxel centres along the principal axes, mm², largest first (population: divided by N; IBSI's
 * values fit N - 1). Sums of places are whole numbers, so a flat region has a least variance of exactly 0.
 */
export function principalVariances({
  size,
  spacing,
  mask,
  voxels,
}: RegionOfInterest): [number, number, number] {
  const [x, y, z, xx, yy, zz, xy, xz, yz] = placeSums({ size, mask });
  const [a, b, c] = spacing;
  const covariance = (uv: number, u: number, v: number, mm: number) =>
    ((voxels * uv - u * v) / (voxels * voxels)) * mm;
  return symmetricEigenvalues([
    covariance(xx, x, x, a * a),
    covariance(xy, x, y, a * b),
    covariance(xz, x, z, a * c),
    covariance(yy, y, y, b * b),
    covariance(yz, y, z, b * c),
    covariance(zz, z, z, c * c),
  ]);
}

/** Eigenvalues of a symmetric 3×3 matrix [xx, xy, xz, yy, yz, zz], largest first, by Jacobi rotations. */
function symmetricEigenvalues(m: readonly number[]): [number, number, number] {
  const s = [
    [m[0], m[1], m[2]],
    [m[1], m[3], m[4]],
    [m[2], m[4], m[5]],
  ];
  for (let sweep = 0; sweep < 50; sweep++) {
    const off = s[0][1] ** 2 + s[0][2] ** 2 + s[1][2] ** 2;
    const on = s[0][0] ** 2 + s[1][1] ** 2 + s[2][2] ** 2;
    if (off <= on * 1e-34) break;
    for (const [p, q] of [
      [0, 1],
      [0, 2],
      [1, 2],
    ]) {
      if (s[p][q] === 0) continue;
      const theta = (s[q][q] - s[p][p]) / (2 * s[p][q]);
      const t = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
      const cos = 1 / Math.sqrt(t * t + 1);
      const sin = t * cos;
      const spq = s[p][q];
      s[p][p] -= t * spq;
      s[q][q] += t * spq;
      s[p][q] = 0;
      s[q][p] = 0;
      const r = 3 - p - q;
      const [rp, rq] = [s[r][p], s[r][q]];
      s[r][p] = s[p][r] = cos * rp - sin * rq;
      s[r][q] = s[q][r] = sin * rp + cos * rq;
    }
  }
  // Rounding may leave a variance of a flat region just below 0.
  const [least, middle, major] = [s[0][0], s[1][1], s[2][2]]
    .map((value) => (value < 0 && value > -1e-10 ? 0 : value))
    .sort((u, v) => u - v);
  return [major, middle, least];
}
