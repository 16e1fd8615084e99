import { type Geometry, indexToPoint, type Mask, type Vector3, type Volume } from './volume.ts';

/** A box of voxels: indices of its lowest and highest corner, both inside. */
export interface Box {
  readonly low: Vector3;
  readonly high: Vector3;
}

/** The smallest box that holds the region; undefined where the mask is empty. */
export function boxOf({ data, size }: Mask): Box | undefined {
  const [nx, ny, nz] = size;
  const low = [nx, ny, nz];
  const high = [-1, -1, -1];
  for (let k = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) {
      const row = nx * (j + ny * k);
      let first = 0;
      while (first < nx && data[row + first] === 0) first++;
      if (first === nx) continue;
      let last = nx - 1;
      while (data[row + last] === 0) last--;
      if (first < low[0]) low[0] = first;
      if (last > high[0]) high[0] = last;
      if (j < low[1]) low[1] = j;
      if (j > high[1]) high[1] = j;
      if (k < low[2]) low[2] = k;
      high[2] = k;
    }
  }
  if (high[2] < 0) return undefined;
  return { low: [low[0], low[1], low[2]], high: [high[0], high[1], high[2]] };
}

/** A box grown by so many voxels on every side and cut at the grid's border. */
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
