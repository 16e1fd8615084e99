import { eachRun } from './equal-runs.ts';
import { type Geometry, geometryOf, indexToPoint, type Vector3, type Volume } from './volume.ts';

/** A box of voxels: indices of its lowest and highest corner, both inside. */
export interface Box {
  readonly low: Vector3;
  readonly high: Vector3;
}

/**
 * The smallest box that holds the region; undefined where the mask is empty.
 *
 * @param label the voxels equal to this number; default: all that are not 0
 */
export function boxOf(
  { data, size }: Pick<Volume, 'data' | 'size'>,
  label?: number,
): Box | undefined {
  const [nx, ny] = size;
  const low = [nx, ny, size[2]];
  const high = [-1, -1, -1];
  eachRun(data, (start, end) => {
    const value = data[start];
    if (label === undefined ? value === 0 : value !== label) return;
    const [row, last] = [Math.floor(start / nx), Math.floor((end - 1) / nx)];
    // What goes on in the next row reaches both sides.
    const [left, right] = row === last ? [start - row * nx, end - 1 - row * nx] : [0, nx - 1];
    const [k, lastSlice] = [Math.floor(row / ny), Math.floor(last / ny)];
    const [front, back] = k === lastSlice ? [row - k * ny, last - k * ny] : [0, ny - 1];
    if (left < low[0]) low[0] = left;
    if (right > high[0]) high[0] = right;
    if (front < low[1]) low[1] = front;
    if (back > high[1]) high[1] = back;
    if (k < low[2]) low[2] = k;
    high[2] = lastSlice;
  });
  if (high[2] < 0) return undefined;
  return { low: [low[0], low[1], low[2]], high: [high[0], high[1], high[2]] };
}

/** The grid of a box: that of its volume, begun at the lowest corner. */
export function geometryOfBox(grid: Geometry, box: Box): Geometry {
  return {
    ...geometryOf(grid),
    size: sizeOfBox(box),
    origin: indexToPoint(grid, box.low),
  };
}

/** A box extended by a number of voxels on every side and cut at the grid's border. */
export function growBox(box: Box, padding: number | Vector3, { size }: Geometry): Box {
  const pad = typeof padding === 'number' ? [padding, padding, padding] : padding;
  const low = box.low.map((n, axis) => Math.max(0, n - pad[axis]));
  const high = box.high.map((n, axis) => Math.min(size[axis] - 1, n + pad[axis]));
  return { low: [low[0], low[1], low[2]], high: [high[0], high[1], high[2]] };
}

/** Voxels along i, j, k of a box. */
export function sizeOfBox({ low, high }: Box): Vector3 {
  return [high[0] - low[0] + 1, high[1] - low[1] + 1, high[2] - low[2] + 1];
}

/** The part of a volume (or mask) inside a box, which must lie within it; every voxel keeps its place in the patient. */
export function crop<V extends Volume>(volume: V, box: Box): V {
  const { data, size } = volume;
  const cropped = sizeOfBox(box);
  const [mx, my, mz] = cropped;
  const out = new (data.constructor as new (n: number) => V['data'])(mx * my * mz);
  for (let k = 0; k < mz; k++) {
    for (let j = 0; j < my; j++) {
      const from = box.low[0] + size[0] * (box.low[1] + j + size[1] * (box.low[2] + k));
      out.set(data.subarray(from, from + mx), mx * (j + my * k));
    }
  }
  return { ...volume, size: cropped, origin: indexToPoint(volume, box.low), data: out };
}
