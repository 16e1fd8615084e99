import { sizeOfBox } from '../../imaging/crop.ts';
import type { Volume } from '../../imaging/volume.ts';
import { cos, sin } from '../../runtime/elementary.ts';
import { wholeBox } from './boundary.ts';
import type { FilteredImage, WithinBox } from './filtered-image.ts';
import { onBox } from './on-box.ts';

/** How the signs of the samples become one number; scikit-image's names. */
export const lbpMethods = ['default', 'ror', 'uniform', 'var'] as const;
export type LbpMethod = (typeof lbpMethods)[number];

export interface LocalBinaryPattern2dOptions extends WithinBox {
  /** Radius of the circle, voxels. Default 1. */
  radius?: number;
  /** Points on it. Default 8. */
  samples?: number;
  /** Default `uniform`. */
  method?: LbpMethod;
  /** Axis across the slices. Default 2 (k). */
  across?: 0 | 1 | 2;
}

/** Axes of the rows and columns of a slice, by the axis across it, as PyRadiomics turns its arrays. */
const planes = [
  [1, 2],
  [2, 0],
  [1, 0],
] as const;

/**
 * Local binary patterns slice by slice (Ojala et al. 1996, 2002) as PyRadiomics computes them with scikit-image: samples on a circle
 * by linear interpolation, 0 beyond the slice; a sign is 1 where a sample is at least the voxel. `uniform` counts the ones of a pattern
 * with at most two changes (others: samples + 1), `ror` is the least of the turned binary numbers, `var` the variance of the
 * samples (NaN where that is 0; before 0.20 scikit-image divided the uniform number by it). Like there, whole numbers stay whole where the image has them.
 */
export function localBinaryPattern2d(
  volume: Volume,
  options: LocalBinaryPattern2dOptions = {},
): FilteredImage {
  const { radius = 1, samples = 8, method = 'uniform', across = 2 } = options;
  const { within = wholeBox(volume) } = options;
  const { data, size } = volume;
  const [rowAxis, columnAxis] = planes[across];
  const strides = [1, size[0], size[0] * size[1]];
  const [rows, columns] = [size[rowAxis], size[columnAxis]];
  const [rowStep, columnStep] = [strides[rowAxis], strides[columnAxis]];
  const offsets = circle(Math.fround(radius), samples);
  const wanted = sizeOfBox(within);
  const out = new Float64Array(wanted[0] * wanted[1] * wanted[2]);
  const texture = new Float64Array(samples);
  const signs = new Uint8Array(samples);
  const voxel = (slice: number, row: number, column: number) =>
    row < 0 || column < 0 || row >= rows || column >= columns
      ? 0
      : data[slice + row * rowStep + column * columnStep];
  const place = [0, 0, 0];
  let at = 0;
  for (let k = within.low[2]; k <= within.high[2]; k++) {
    for (let j = within.low[1]; j <= within.high[1]; j++) {
      for (let i = within.low[0]; i <= within.high[0]; i++, at++) {
        [place[0], place[1], place[2]] = [i, j, k];
        const slice = place[across] * strides[across];
        const [row, column] = [place[rowAxis], place[columnAxis]];
        const centre = voxel(slice, row, column);
        for (let p = 0; p < samples; p++) {
          const r = row + offsets[2 * p];
          const c = column + offsets[2 * p + 1];
          const [r0, c0, r1, c1] = [Math.floor(r), Math.floor(c), Math.ceil(r), Math.ceil(c)];
          const [dr, dc] = [r - r0, c - c0];
          const top = (1 - dc) * voxel(slice, r0, c0) + dc * voxel(slice, r0, c1);
          const bottom = (1 - dc) * voxel(slice, r1, c0) + dc * voxel(slice, r1, c1);
          texture[p] = (1 - dr) * top + dr * bottom;
          signs[p] = texture[p] - centre >= 0 ? 1 : 0;
        }
        out[at] = pattern(signs, texture, method);
      }
    }
  }
  const whole = !(data instanceof Float32Array || data instanceof Float64Array);
  if (whole) for (let n = 0; n < out.length; n++) out[n] = Math.trunc(out[n]);
  return {
    name: 'lbp-2D',
    volume: onBox(volume, within, data instanceof Float32Array ? Float32Array.from(out) : out),
  };
}

/** Row and column steps of each sample, anticlockwise from the column's direction, to five decimals as scikit-image rounds them. */
function circle(radius: number, samples: number): Float64Array {
  const steps = new Float64Array(2 * samples);
  for (let p = 0; p < samples; p++) {
    const angle = (2 * Math.PI * p) / samples;
    steps[2 * p] = Math.round(-radius * sin(angle) * 1e5) / 1e5;
    steps[2 * p + 1] = Math.round(radius * cos(angle) * 1e5) / 1e5;
  }
  return steps;
}

function pattern(signs: Uint8Array, texture: Float64Array, method: LbpMethod): number {
  const n = signs.length;
  if (method === 'default' || method === 'ror') {
    let number = 0;
    for (let p = 0, weight = 1; p < n; p++, weight *= 2) number += signs[p] * weight;
    return method === 'ror' ? leastTurned(number, n) : number;
  }
  if (method === 'var') return variance(texture);
  let [changes, ones] = [0, signs[n - 1]];
  for (let p = 0; p < n - 1; p++) {
    changes += signs[p] ^ signs[p + 1];
    ones += signs[p];
  }
  return changes <= 2 ? ones : n + 1;
}

/** The least number that turning the bits gives. */
function leastTurned(number: number, bits: number): number {
  let [least, turned] = [number, number];
  for (let n = 1; n < bits; n++) {
    turned = (turned >>> 1) | ((turned & 1) << (bits - 1));
    if (turned < least) least = turned;
  }
  return least;
}

/** NaN where all are equal. */
function variance(values: Float64Array): number {
  let [sum, squares] = [0, 0];
  for (const value of values) sum += value;
  const mean = sum / values.length;
  for (const value of values) squares += (value - mean) * (value - mean);
  return squares === 0 ? Number.NaN : squares / values.length;
}
