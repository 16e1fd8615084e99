import { cos, sin } from '../../runtime/elementary.ts';

/**
 * Spherical harmonics Y_n^m of all orders -n … n up to a degree, Condon-Shortley phase, orthonormal, as scipy's `sph_harm`.
 *
 * @param azimuth, polar radians
 * @returns for every degree n its 2n + 1 harmonics as pairs (real, imaginary), m rising
 */
export function sphericalHarmonics(levels: number, azimuth: number, polar: number): number[][] {
  const x = cos(polar);
  const out: number[][] = [];
  for (let n = 0; n < levels; n++) {
    const row: number[] = [];
    for (let m = -n; m <= n; m++) {
      const k = Math.abs(m);
      const scale = Math.sqrt(((2 * n + 1) / (4 * Math.PI)) * factorialRatio(n - k, n + k));
      // Y_n^-m = (-1)^m conj(Y_n^m)
      const value = scale * legendre(n, k, x) * (m < 0 && k % 2 === 1 ? -1 : 1);
      row.push(value * cos(m * azimuth), value * sin(m * azimuth));
    }
    out.push(row);
  }
  return out;
}

/** a! / b! for a ≤ b. */
function factorialRatio(a: number, b: number): number {
  let ratio = 1;
  for (let i = a + 1; i <= b; i++) ratio /= i;
  return ratio;
}

/** Associated Legendre function P_n^m(x), m ≥ 0, with (-1)^m. */
function legendre(n: number, m: number, x: number): number {
  let diagonal = 1;
  const root = Math.sqrt(Math.max(0, 1 - x * x));
  for (let i = 1; i <= m; i++) diagonal *= -(2 * i - 1) * root;
  if (n === m) return diagonal;
  let before = diagonal;
  let value = x * (2 * m + 1) * diagonal;
  for (let l = m + 2; l <= n; l++) {
    const next = ((2 * l - 1) * x * value - (l + m - 1) * before) / (l - m);
    before = value;
    value = next;
  }
  return value;
}
