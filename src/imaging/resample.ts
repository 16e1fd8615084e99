import { NacreError } from '../runtime/errors.ts';
import { withDisplay } from '../runtime/jupyter-display.ts';
import { splineCoefficients } from './b-spline-coefficients.ts';
import { type Box, sizeOfBox } from './crop.ts';
import { type Interpolation, type Taps, tapsOf } from './interpolation-taps.ts';
import { centreAlignedGrid } from './resample-grid.ts';
import {
  type Geometry,
  geometryOf,
  markOf,
  pointToIndex,
  unitOf,
  type Vector3,
  type Volume,
  type VoxelArray,
} from './volume.ts';

export interface ResampleOntoOptions {
  /** Default `bspline`: cubic, coefficients in double precision, mirror boundaries. */
  interpolation?: Interpolation;
  /**
   * Rounding where the voxels are integers: `truncate` toward zero as ITK does, or `round` as IBSI does, also
   * where whole numbers (Hounsfield units) are stored as floats. Default `truncate`.
   */
  fractions?: 'truncate' | 'round';
  /** Value of voxels more than half a voxel outside the image. Default 0, as in PyRadiomics. */
  fill?: number;
}

/** Spline coefficients fade by 0.268 per voxel: beyond this many voxels a sample has no effect in double precision. */
const splineReach = 32;

/**
 * A volume on another grid of the same orientation. The voxel type is kept; values beyond its range are clamped.
 * Axis after axis (x, y, z), so the work per voxel is the sum of the taps and not their product.
 *
 * @throws NacreError `bad-geometry` where the grid is turned against the volume
 */
export function resampleOnto(
  volume: Volume,
  grid: Geometry,
  options: ResampleOntoOptions = {},
): Volume {
  const { interpolation = 'bspline', fractions = 'truncate', fill = 0 } = options;
  requireParallel(volume, grid);
  const first = pointToIndex(volume, grid.origin);
  const axes = [0, 1, 2].map((axis) => {
    const step = grid.spacing[axis] / volume.spacing[axis];
    const reach = interpolation === 'bspline' ? splineReach : 0;
    const last = first[axis] + step * (grid.size[axis] - 1);
    const n = volume.size[axis];
    const low = Math.min(n - 1, Math.max(0, Math.floor(first[axis]) - 1 - reach));
    const high = Math.max(low, Math.min(n - 1, Math.ceil(last) + 2 + reach));
    const count = high - low + 1;
    const taps = shiftedTaps(interpolation, grid.size[axis], first[axis], step, n, low, count);
    return { low, count, taps };
  });
  let values = boxOfDoubles(volume, axes);
  let size: Vector3 = [axes[0].count, axes[1].count, axes[2].count];
  if (interpolation === 'bspline') {
    // Voxels beyond the taps are not needed after the coefficients are computed.
    const [x, y, z] = axes.map(({ taps }) => tappedRange(taps));
    const box: Box = { low: [x.low, y.low, z.low], high: [x.high, y.high, z.high] };
    values = splineCoefficients(values, size, box);
    size = sizeOfBox(box);
  }
  values = alongX(values, size, axes[0].taps, grid.size[0]);
  size = [grid.size[0], size[1], size[2]];
  values = acrossRows(values, size[0], size[1], size[2], axes[1].taps, grid.size[1]);
  size = [size[0], grid.size[1], size[2]];
  values = acrossRows(values, size[0] * size[1], size[2], 1, axes[2].taps, grid.size[2]);
  fillOutside(values, grid.size, axes, fill);
  return {
    ...geometryOf(grid),
    ...markOf(volume),
    ...unitOf(volume),
    data: likeType(values, volume.data, fractions),
  };
}

export interface ResampleOptions extends ResampleOntoOptions {
  /** Millimetres along i, j, k, or one number for all; 0 keeps the volume's. Default 1. */
  spacing?: number | Vector3;
}

/** A whole volume at another spacing, its centre kept (IBSI). */
export function resample(
  volume: Volume,
  { spacing = 1, ...options }: ResampleOptions = {},
): Volume {
  const to: Vector3 = typeof spacing === 'number' ? [spacing, spacing, spacing] : spacing;
  return withDisplay(resampleOnto(volume, centreAlignedGrid(volume, to), options));
}

function requireParallel(volume: Geometry, grid: Geometry): void {
  if (volume.direction.every((x, i) => Math.abs(x - grid.direction[i]) < 1e-5)) return;
  throw new NacreError('bad-geometry', 'cannot resample onto a grid that is turned', {
    found: `direction (${grid.direction.join(', ')})`,
    expected: `(${volume.direction.join(', ')})`,
    todo: 'choose a grid of the same orientation',
  });
}

/** First and last voxel that the taps of an axis read; the taps then count from the first one. */
function tappedRange({ index, inside, width }: Taps): { low: number; high: number } {
  let low = Infinity;
  let high = 0;
  for (let i = 0; i < index.length; i++) {
    if (inside[Math.floor(i / width)] === 0) continue;
    if (index[i] < low) low = index[i];
    if (index[i] > high) high = index[i];
  }
  low = Math.min(low, high);
  // Voxels outside the image have weight zero, so the index that they read does not matter.
  for (let i = 0; i < index.length; i++) index[i] = Math.max(0, index[i] - low);
  return { low, high };
}

/** Taps that count from the first voxel of a part of the axis; what is mirrored at the border stays within it. */
function shiftedTaps(
  kind: Interpolation,
  size: number,
  first: number,
  step: number,
  n: number,
  low: number,
  count: number,
): Taps {
  const taps = tapsOf(kind, size, first, step, n);
  const { index } = taps;
  for (let i = 0; i < index.length; i++) {
    index[i] = Math.min(count - 1, Math.max(0, index[i] - low));
  }
  return taps;
}

function boxOfDoubles(volume: Volume, axes: { low: number; count: number }[]): Float64Array {
  const { data, size } = volume;
  const [x, y, z] = axes;
  const out = new Float64Array(x.count * y.count * z.count);
  for (let k = 0; k < z.count; k++) {
    for (let j = 0; j < y.count; j++) {
      const from = x.low + size[0] * (y.low + j + size[1] * (z.low + k));
      out.set(data.subarray(from, from + x.count), x.count * (j + y.count * k));
    }
  }
  return out;
}

function alongX(values: Float64Array, size: Vector3, taps: Taps, count: number): Float64Array {
  const rows = size[1] * size[2];
  const n = size[0];
  const out = new Float64Array(count * rows);
  const { width, index, weight } = taps;
  for (let r = 0; r < rows; r++) {
    const from = r * n;
    const to = r * count;
    for (let i = 0; i < count; i++) {
      if (width === 1) out[to + i] = values[from + index[i]];
      else if (width === 2) {
        // ITK's form of the linear interpolation: equal to the last bit.
        const low = values[from + index[2 * i]];
        out[to + i] = low + (values[from + index[2 * i + 1]] - low) * weight[2 * i + 1];
      } else {
        const t = 4 * i;
        out[to + i] =
          weight[t] * values[from + index[t]] +
          weight[t + 1] * values[from + index[t + 1]] +
          weight[t + 2] * values[from + index[t + 2]] +
          weight[t + 3] * values[from + index[t + 3]];
      }
    }
  }
  return out;
}

/** Along y (rows of x) or z (rows of whole planes): a new row is a weighted sum of old rows. */
function acrossRows(
  values: Float64Array,
  row: number,
  n: number,
  blocks: number,
  taps: Taps,
  count: number,
): Float64Array {
  const out = new Float64Array(row * count * blocks);
  const { width, index, weight } = taps;
  for (let b = 0; b < blocks; b++) {
    for (let r = 0; r < count; r++) {
      const to = row * (r + count * b);
      const t = width * r;
      const a = row * (index[t] + n * b);
      if (width === 1) {
        out.set(values.subarray(a, a + row), to);
        continue;
      }
      const c = row * (index[t + 1] + n * b);
      if (width === 2) {
        const w = weight[t + 1];
        for (let i = 0; i < row; i++) {
          const low = values[a + i];
          out[to + i] = low + (values[c + i] - low) * w;
        }
        continue;
      }
      const d = row * (index[t + 2] + n * b);
      const e = row * (index[t + 3] + n * b);
      const [wa, wc, wd, we] = weight.subarray(t, t + 4);
      for (let i = 0; i < row; i++) {
        out[to + i] =
          wa * values[a + i] + wc * values[c + i] + wd * values[d + i] + we * values[e + i];
      }
    }
  }
  return out;
}

function fillOutside(values: Float64Array, size: Vector3, axes: { taps: Taps }[], fill: number) {
  const [x, y, z] = axes.map((axis) => axis.taps.inside);
  if (!x.includes(0) && !y.includes(0) && !z.includes(0)) return;
  const [nx, ny, nz] = size;
  for (let k = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) {
      const row = nx * (j + ny * k);
      const rowInside = y[j] === 1 && z[k] === 1;
      for (let i = 0; i < nx; i++) if (!rowInside || x[i] === 0) values[row + i] = fill;
    }
  }
}

function wholeNumbers(data: VoxelArray): boolean {
  for (let i = 0; i < data.length; i++) if (!Number.isInteger(data[i])) return false;
  return true;
}

function likeType(
  values: Float64Array,
  like: VoxelArray,
  fractions: 'truncate' | 'round',
): VoxelArray {
  if (like instanceof Float64Array || like instanceof Float32Array) {
    if (fractions === 'round' && wholeNumbers(like)) {
      for (let i = 0; i < values.length; i++) values[i] = Math.round(values[i]);
    }
    return like instanceof Float64Array ? values : new Float32Array(values);
  }
  const out = new (like.constructor as new (n: number) => Exclude<VoxelArray, Float64Array>)(
    values.length,
  );
  const signed =
    like instanceof Int8Array || like instanceof Int16Array || like instanceof Int32Array;
  const bits = 8 * like.BYTES_PER_ELEMENT;
  const lowest = signed ? -(2 ** (bits - 1)) : 0;
  const highest = signed ? 2 ** (bits - 1) - 1 : 2 ** bits - 1;
  const round = fractions === 'round';
  for (let i = 0; i < out.length; i++) {
    const value = round ? Math.round(values[i]) : Math.trunc(values[i]);
    out[i] = Math.max(lowest, Math.min(highest, value));
  }
  return out;
}
