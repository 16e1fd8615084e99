import { splineCoefficients } from '../../imaging/b-spline-coefficients.ts';
import { geometryOf, type Mask, type Volume } from '../../imaging/volume.ts';
import { wholeBox } from './boundary.ts';
import type { FilteredImage } from './filtered-image.ts';
import { icosphere } from './icosphere.ts';
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
 * them, within the region only (0 elsewhere): `lbp-3D-m1` … one a degree, and `lbp-3D-k`, the kurtosis of the sampled values.
 *
 * PyRadiomics' own ways are kept: samples by cubic spline, 0 beyond the outermost voxel centres, rounded where the image holds
 * integers; points' x on the slice axis; polar angle and azimuth exchanged; powers without conjugates. A sphere of equal samples
 * has kurtosis -3 (newer scipy says NaN).
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
    harmonics.push(sphericalHarmonics(levels, Math.acos(z / radius), Math.atan2(y, x)));
  }
  // |Σ_m c_m Y_m|² without conjugates needs only the points' bilinear products: P_n(v, w) = Σ_m Y_m(v) Y_m(w).
  const products = productsOf(harmonics, levels, count);
  const { data, size } = volume;
  const [nx, ny] = size;
  const spline = splineCoefficients(new Float64Array(data), size, wholeBox(volume));
  const integers = !(data instanceof Float32Array || data instanceof Float64Array);
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
      const s = splineAt(spline, size, i + points[p + 2], j + points[p + 1], k + points[p]);
      samples[v] = integers ? Math.sign(s) * Math.floor(Math.abs(s) + 0.5) : s;
      if (samples[v] >= data[at]) above[n++] = v;
    }
    kurtosis[at] = excessKurtosis(samples);
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

/** Real and imaginary part of P_n(v, w), a matrix a degree. */
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
  return Math.sqrt(Math.max(0, (Math.hypot(real, imaginary) + real) / 2));
}

function excessKurtosis(values: Float64Array): number {
  let mean = 0;
  for (let i = 0; i < values.length; i++) mean += values[i];
  mean /= values.length;
  let second = 0;
  let fourth = 0;
  for (let i = 0; i < values.length; i++) {
    const d2 = (values[i] - mean) ** 2;
    second += d2;
    fourth += d2 * d2;
  }
  return second === 0 ? -3 : (values.length * fourth) / (second * second) - 3;
}

const weights = new Float64Array(12);
const places = new Int32Array(12);

/** The cubic spline at a point, in voxels; 0 beyond the outermost voxel centres (scipy's mode `constant`). */
function splineAt(
  spline: Float64Array,
  size: readonly [number, number, number],
  x: number,
  y: number,
  z: number,
): number {
  if (!tap(x, size[0], 0) || !tap(y, size[1], 4) || !tap(z, size[2], 8)) return 0;
  let sum = 0;
  for (let c = 8; c < 12; c++) {
    for (let b = 4; b < 8; b++) {
      const row = size[0] * (places[b] + size[1] * places[c]);
      let line = 0;
      for (let a = 0; a < 4; a++) line += weights[a] * spline[row + places[a]];
      sum += weights[c] * weights[b] * line;
    }
  }
  return sum;
}

function tap(x: number, n: number, at: number): boolean {
  if (x < 0 || x > n - 1) return false;
  const low = Math.floor(x);
  const w = x - low;
  weights[at + 3] = (w * w * w) / 6;
  weights[at] = 1 / 6 + 0.5 * w * (w - 1) - weights[at + 3];
  weights[at + 2] = w + weights[at] - 2 * weights[at + 3];
  weights[at + 1] = 1 - weights[at] - weights[at + 2] - weights[at + 3];
  for (let t = 0; t < 4; t++) {
    const place = Math.abs(low - 1 + t);
    places[at + t] = n === 1 ? 0 : place > n - 1 ? 2 * (n - 1) - place : place;
  }
  return true;
}
