import { type Box, sizeOfBox } from '../../imaging/crop.ts';
import type { Vector3, Volume } from '../../imaging/volume.ts';
import { NacreError } from '../../runtime/errors.ts';

/**
 * Values that a filter reads beyond the image (IBSI 2 reference manual, 2.2): `zero`; `nearest`, the border's value;
 * `periodic`, the image again; `mirror`, the image backwards with the border voxel repeated (c b a | a b c).
 */
export type Boundary = 'zero' | 'nearest' | 'periodic' | 'mirror';

/** Voxels with their size, in doubles: the input of a filter. */
export interface Doubles {
  data: Float64Array;
  size: Vector3;
}

/** The same in single precision. */
export interface Singles {
  data: Float32Array;
  size: Vector3;
}

/** Old indices of positions `from` to `from + count - 1` along an axis of `n` voxels; -1 where there is nothing. */
export function boundaryIndices(
  from: number,
  count: number,
  n: number,
  boundary: Boundary,
): Int32Array {
  const index = new Int32Array(count);
  for (let i = 0; i < count; i++) {
    const x = from + i;
    if (x >= 0 && x < n) index[i] = x;
    else if (boundary === 'zero') index[i] = -1;
    else if (boundary === 'nearest') index[i] = x < 0 ? 0 : n - 1;
    else if (boundary === 'periodic') index[i] = modulo(x, n);
    else {
      const folded = modulo(x, 2 * n);
      index[i] = folded < n ? folded : 2 * n - 1 - folded;
    }
  }
  return index;
}

function modulo(x: number, n: number): number {
  return ((x % n) + n) % n;
}

/**
 * A box of a volume with what lies around it, in doubles.
 *
 * @param before voxels added below the box along every axis, `after` above it
 */
export function paddedBox(
  volume: Pick<Volume, 'data' | 'size'>,
  box: Box,
  before: Vector3,
  after: Vector3,
  boundary: Boundary,
): Doubles {
  const [x, y, z] = paddedIndices(volume, box, before, after, boundary);
  return gather(volume, x, y, z);
}

/** Old indices along i, j, k of a box with what lies around it. */
export function paddedIndices(
  volume: Pick<Volume, 'size'>,
  box: Box,
  before: Vector3,
  after: Vector3,
  boundary: Boundary,
): Int32Array[] {
  const inner = sizeOfBox(box);
  return [0, 1, 2].map((axis) =>
    boundaryIndices(
      box.low[axis] - before[axis],
      inner[axis] + before[axis] + after[axis],
      volume.size[axis],
      boundary,
    ),
  );
}

/** Voxels at chosen indices along every axis, in doubles; 0 where an index is -1. */
export function gather(
  volume: Pick<Volume, 'data' | 'size'>,
  x: Int32Array,
  y: Int32Array,
  z: Int32Array,
): Doubles {
  return gathered(new Float64Array(x.length * y.length * z.length), volume, [x, y, z]);
}

/** The same in single precision. */
export function gatherSingle(
  volume: Pick<Volume, 'data' | 'size'>,
  x: Int32Array,
  y: Int32Array,
  z: Int32Array,
): Singles {
  return gathered(new Float32Array(x.length * y.length * z.length), volume, [x, y, z]);
}

function gathered<T extends Float32Array | Float64Array>(
  out: T,
  { data, size }: Pick<Volume, 'data' | 'size'>,
  [x, y, z]: readonly [Int32Array, Int32Array, Int32Array],
): { data: T; size: Vector3 } {
  let at = 0;
  for (let k = 0; k < z.length; k++) {
    for (let j = 0; j < y.length; j++) {
      if (y[j] < 0 || z[k] < 0) {
        at += x.length;
        continue;
      }
      const row = size[0] * (y[j] + size[1] * z[k]);
      for (let i = 0; i < x.length; i++) out[at++] = x[i] < 0 ? 0 : data[row + x[i]];
    }
  }
  return { data: out, size: [x.length, y.length, z.length] };
}

/** The whole grid as a box. */
export function wholeBox({ size }: Pick<Volume, 'size'>): Box {
  return { low: [0, 0, 0], high: [size[0] - 1, size[1] - 1, size[2] - 1] };
}

/** @throws NacreError `image-too-small` where an axis is shorter than a filter needs */
export function requireSize(size: Vector3, least: Vector3, filter: string): void {
  if (size.every((n, axis) => n >= least[axis])) return;
  throw new NacreError('image-too-small', `the image is too small for ${filter}`, {
    found: `${size.join('×')} voxels`,
    expected: `at least ${least.join('×')}`,
    todo: 'keep more of the image around the region, or leave this filter out',
  });
}
