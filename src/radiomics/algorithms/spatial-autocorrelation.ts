import type { Vector3 } from '../../imaging/volume.ts';
import { NacreError } from '../../runtime/errors.ts';
import type { RegionOfInterest } from '../region-of-interest.ts';
import { fourier, smoothLength } from './fourier.ts';

/** Whether near voxels are alike: weights are inverse distances, mm⁻¹, over all pairs of voxels. */
export interface SpatialAutocorrelation {
  /** Moran's I (IBSI N365); NaN where all intensities are equal. */
  readonly moranI: number;
  /** Geary's C (IBSI NPT7); NaN where all intensities are equal. */
  readonly gearyC: number;
}

/**
 * Both measures over every pair, without going through the pairs: with m the mask, x the intensities less their mean and
 * w(h) = 1/|h|, Σ_kl w x_k x_l = Σ_f W(f) |X(f)|², the same with M for Σ_kl w, and Σ_kl w (x_k - x_l)² is twice
 * Σ_f W Re(M conj(Q)) less it, Q of x². The transforms are padded, so they are the sums themselves and not an approximation.
 *
 * @throws NacreError `region-too-large` where the transforms would take more than 4 GB (a box of some 300 voxels a side)
 */
export function spatialAutocorrelation(region: RegionOfInterest): SpatialAutocorrelation {
  const { mask, intensity, voxels, size, spacing } = region;
  let sum = 0;
  for (let at = 0; at < mask.length; at++) if (mask[at] === 1) sum += intensity[at];
  const mean = sum / voxels;
  const x = new Float64Array(mask.length);
  const squared = new Float64Array(mask.length);
  let squares = 0;
  for (let at = 0; at < mask.length; at++) {
    if (mask[at] === 0) continue;
    x[at] = intensity[at] - mean;
    squared[at] = x[at] * x[at];
    squares += squared[at];
  }
  if (squares === 0) return { moranI: Number.NaN, gearyC: Number.NaN };
  const padded = size.map((n) => smoothLength(2 * n - 1)) as unknown as Vector3;
  requireRoom(size, padded);
  const [m, values, q] = [Float64Array.from(mask), x, squared].map((data) =>
    planeSpectra(data, size, padded),
  );
  const weights = planeSpectra(
    inverseDistances(size, padded, spacing),
    [padded[0], padded[1], size[2]],
    padded,
  );
  const [px, py, pz] = padded;
  const half = (px >> 1) + 1;
  let [ones, products, mixed] = [0, 0, 0];
  for (let row = 0; row < py; row++) {
    const w = column(weights, row, half, size[2], padded, true).re;
    const ofMask = column(m, row, half, size[2], padded);
    const ofX = column(values, row, half, size[2], padded);
    const ofSquares = column(q, row, half, size[2], padded);
    for (let at = 0; at < half * pz; at++) {
      const i = at % half;
      // Half of the columns stand for their mirror images too.
      const weight = i === 0 || 2 * i === px ? w[at] : 2 * w[at];
      const [a, b] = [ofMask.re[at], ofMask.im[at]];
      ones += weight * (a * a + b * b);
      products += weight * (ofX.re[at] * ofX.re[at] + ofX.im[at] * ofX.im[at]);
      mixed += weight * (a * ofSquares.re[at] + b * ofSquares.im[at]);
    }
  }
  return {
    moranI: (voxels / ones) * (products / squares),
    gearyC: ((voxels - 1) / (2 * ones)) * ((2 * mixed - 2 * products) / squares),
  };
}

/** Four spectra are held at a time. */
function requireRoom([, , nz]: Vector3, [px, py]: Vector3): void {
  const gigabytes = (4 * 2 * 8 * ((px >> 1) + 1) * py * nz) / 1e9;
  if (gigabytes <= 4) return;
  throw new NacreError('region-too-large', "the region is too large for Moran's I and Geary's C", {
    found: `transforms of ${gigabytes.toFixed(1)} GB`,
    expected: 'at most 4 GB',
    todo: 'resample to a coarser spacing, or name the features of morphology without MoranI and GearyC',
  });
}

interface Complex {
  readonly re: Float64Array;
  readonly im: Float64Array;
}

/** 1/|h| for steps h between voxels: i and j wrapped around, k from 0 (-k is the same); no voxel is its own neighbour. */
function inverseDistances([, , nz]: Vector3, [px, py]: Vector3, [a, b, c]: Vector3): Float64Array {
  const out = new Float64Array(px * py * nz);
  for (let k = 0, at = 0; k < nz; k++) {
    for (let j = 0; j < py; j++) {
      const y = Math.min(j, py - j) * b;
      for (let i = 0; i < px; i++, at++) {
        const x = Math.min(i, px - i) * a;
        if (at > 0) out[at] = 1 / Math.sqrt(x * x + y * y + k * c * (k * c));
      }
    }
  }
  return out;
}

/** Each slice transformed along i and j; of a real slice the columns up to the middle are enough. */
function planeSpectra(data: Float64Array, [nx, ny, nz]: Vector3, [px, py]: Vector3): Complex {
  const half = (px >> 1) + 1;
  const out = { re: new Float64Array(half * py * nz), im: new Float64Array(half * py * nz) };
  // Rows on end, so that those of a slice are transformed side by side.
  const rows = { re: new Float64Array(px * ny), im: new Float64Array(px * ny) };
  for (let k = 0; k < nz; k++) {
    const slice = half * py * k;
    const plane = {
      re: out.re.subarray(slice, slice + half * py),
      im: out.im.subarray(slice, slice + half * py),
    };
    rows.re.fill(0);
    rows.im.fill(0);
    for (let j = 0, at = nx * ny * k; j < ny; j++) {
      for (let i = 0; i < nx; i++, at++) rows.re[j + ny * i] = data[at];
    }
    fourier(rows.re, rows.im, px, ny);
    for (let j = 0; j < ny; j++) {
      for (let i = 0; i < half; i++) {
        plane.re[i + half * j] = rows.re[j + ny * i];
        plane.im[i + half * j] = rows.im[j + ny * i];
      }
    }
    fourier(plane.re, plane.im, py, half);
  }
  return out;
}

/** One row of all slices transformed along k; `even` puts slice k also at -k. */
function column(
  { re, im }: Complex,
  row: number,
  half: number,
  nz: number,
  [, py, pz]: Vector3,
  even = false,
): Complex {
  const out = { re: new Float64Array(half * pz), im: new Float64Array(half * pz) };
  for (let k = 0; k < nz; k++) {
    const from = half * (row + py * k);
    for (const to of even && k > 0 ? [k, pz - k] : [k]) {
      out.re.set(re.subarray(from, from + half), half * to);
      out.im.set(im.subarray(from, from + half), half * to);
    }
  }
  fourier(out.re, out.im, pz, half);
  return out;
}
