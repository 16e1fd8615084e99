import { geometryOf, type Mask, type Volume } from '../../imaging/volume.ts';
import { acos, atan2, hypot } from '../../runtime/elementary.ts';
import type { FilteredImage } from './filtered-image.ts';
import { icosphere } from './icosphere.ts';
import { scipySplineAt, scipySplineCoefficients } from './scipy-spline.ts';
import { sphericalHarmonics } from './spherical-harmonics.ts';

export interface LocalBinaryPattern3dOptions {
  /** Degrees of spherical harmonics, from 0 on. Default 2. */
  levels?: number;
  /** Radius of the sampled sphere, voxels. Default 1. */
  radius?: number;
  /** Times the icosahedron's faces are split. Default 1: 42 points. */
  subdivision?: number;
}

/**
 * Local binary patterns in 3D by spherical harmonics (Banerjee et al., ACCV Workshops 2012, LNCS 7728:26) as PyRadiomics computes
 * them, within the region only (0 elsewhere): `lbp-3D-m1` … one per degree, and `lbp-3D-k`, the kurtosis of the sampled values.
 *
 * As in PyRadiomics: samples by cubic spline, 0 beyond the outermost voxel centres, in the type of the image (whole
 * numbers, 32-bit floats); points' x on the slice axis; polar angle and azimuth exchanged; powers without conjugates. A sphere of
 * equal samples has kurtosis -3 (newer scipy gives NaN). Where a sample equals the voxel, as between equal neighbours, the last bit
 * decides which pattern it is: spline and points follow scipy and trimesh operation by operation.
 */
export function localBinaryPattern3d(
  volume: Volume,
  mask: Mask,
  options: LocalBinaryPattern3dOptions = {},
): FilteredImage[] {
  const { levels = 2, radius = 1, subdivision = 1 } = options;
  const points = icosphere(subdivision, radius);
  const count = points.length / 3;
  const harmonics: number[][][] = [];
  for (let v = 0; v < count; v++) {
    const [x, y, z] = points.subarray(3 * v, 3 * v + 3);
    harmonics.push(sphericalHarmonics(levels, acos(z / radius), atan2(y, x)));
  }
  // |Σ_m c_m Y_m|² without conjugates needs only the points' bilinear products: P_n(v, w) = Σ_m Y_m(v) Y_m(w).
  const products = productsOf(harmonics, levels, count);
  const { data, size } = volume;
  const [nx, ny] = size;
  const spline = scipySplineCoefficients(volume);
  const single = data instanceof Float32Array;
  const integers = !single && !(data instanceof Float64Array);
  const round = single ? Math.fround : (x: number) => x;
  const patterns = Array.from({ length: levels }, () => new Float64Array(data.length));
  const kurtosis = new Float64Array(data.length);
  const samples = new Float64Array(count);
  const above = new Int32Array(count);
  for (let at = 0; at < data.length; at++) {
    if (mask.data[at] === 0) continue;
    const i = at % nx;
    const j = Math.floor(at / nx) % ny;
    const k = Math.floor(at / (nx * ny));
    let n = 0;
    for (let v = 0; v < count; v++) {
      // PyRadiomics adds x, y, z of the points to numpy's k, j, i.
      const p = 3 * v;
      const s = scipySplineAt(spline, size, i + points[p + 2], j + points[p + 1], k + points[p]);
      samples[v] = integers ? Math.sign(s) * Math.floor(Math.abs(s) + 0.5) : round(s);
      if (samples[v] >= data[at]) above[n++] = v;
    }
    kurtosis[at] = excessKurtosis(samples, round, single ? 1e-6 : 1e-15);
    for (let l = 0; l < levels; l++) patterns[l][at] = norm(products[l], above, n, count);
  }
  return [
    ...patterns.map((values, l) => ({
      name: `lbp-3D-m${l + 1}`,
      volume: { ...geometryOf(volume), data: values },
    })),
    { name: 'lbp-3D-k', volume: { ...geometryOf(volume), data: kurtosis } },
  ];
}

/** Real and imaginary part of P_n(v, w), one matrix per degree. */
function productsOf(harmonics: number[][][], levels: number, count: number): Float64Array[] {
  return Array.from({ length: levels }, (_, n) => {
    const matrix = new Float64Array(2 * count * count);
    for (let v = 0; v < count; v++) {
      for (let w = 0; w < count; w++) {
        const [a, b] = [harmonics[v][n], harmonics[w][n]];
        const at = 2 * (v * count + w);
        for (let m = 0; m < a.length; m += 2) {
          matrix[at] += a[m] * b[m] - a[m + 1] * b[m + 1];
          matrix[at + 1] += a[m] * b[m + 1] + a[m + 1] * b[m];
        }
      }
    }
    return matrix;
  });
}

/** Real part of √Σ_v f(v)², f(v) = Σ over the points above of P(v, w). */
function norm(products: Float64Array, above: Int32Array, n: number, count: number): number {
  let real = 0;
  let imaginary = 0;
  for (let v = 0; v < count; v++) {
    let re = 0;
    let im = 0;
    const row = 2 * v * count;
    for (let a = 0; a < n; a++) {
      re += products[row + 2 * above[a]];
      im += products[row + 2 * above[a] + 1];
    }
    real += re * re - im * im;
    imaginary += 2 * re * im;
  }
  return Math.sqrt(Math.max(0, (hypot(real, imaginary) + real) / 2));
}

/**
 * Excess kurtosis as scipy.stats computes it, in the precision of the image; -3 where the samples differ by rounding alone.
 *
 * @param round `Math.fround` for float32
 * @param resolution numpy's of the type: 1e-15, 1e-6 for float32
 */
function excessKurtosis(
  values: Float64Array,
  round: (x: number) => number,
  resolution: number,
): number {
  const n = values.length;
  const mean = round(pairwiseSum(values, 0, n, round) / n);
  const squares = values.map((x) => round(round(x - mean) ** 2));
  const second = round(pairwiseSum(squares, 0, n, round) / n);
  if (second <= round(round(resolution * mean) ** 2)) return -3;
  const fourths = squares.map((x) => round(x * x));
  const fourth = round(pairwiseSum(fourths, 0, n, round) / n);
  return round(round(fourth / round(second * second)) - 3);
}

/** numpy's sum of a contiguous line: eight sums side by side, longer lines in halves. */
function pairwiseSum(
  values: Float64Array,
  from: number,
  n: number,
  round: (x: number) => number,
): number {
  if (n < 8) {
    let sum = 0;
    for (let i = 0; i < n; i++) sum = round(sum + values[from + i]);
    return sum;
  }
  if (n > 128) {
    const half = Math.floor(n / 2) - (Math.floor(n / 2) % 8);
    return round(
      pairwiseSum(values, from, half, round) + pairwiseSum(values, from + half, n - half, round),
    );
  }
  const r = values.slice(from, from + 8);
  let i = 8;
  for (; i < n - (n % 8); i += 8) {
    for (let t = 0; t < 8; t++) r[t] = round(r[t] + values[from + i + t]);
  }
  const pair = (a: number, b: number) => round(r[a] + r[b]);
  let sum = round(round(pair(0, 1) + pair(2, 3)) + round(pair(4, 5) + pair(6, 7)));
  for (; i < n; i++) sum = round(sum + values[from + i]);
  return sum;
}
