import {
  type Geometry,
  indexToPoint,
  type Vector3,
  type Volume,
  type VoxelArray,
} from './volume.ts';

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
  const next = label === undefined ? notZero(data) : equalTo(data, label);
  // From each row's first voxel of the region to the next row's: empty rows are passed over as one.
  for (let at = next(0); at < data.length; ) {
    const row = Math.floor(at / nx);
    const start = row * nx;
    const j = row % ny;
    const k = Math.floor(row / ny);
    let last = start + nx - 1;
    if (label === undefined) while (data[last] === 0) last--;
    else while (data[last] !== label) last--;
    if (at - start < low[0]) low[0] = at - start;
    if (last - start > high[0]) high[0] = last - start;
    if (j < low[1]) low[1] = j;
    if (j > high[1]) high[1] = j;
    if (k < low[2]) low[2] = k;
    high[2] = k;
    at = next(start + nx);
  }
  if (high[2] < 0) return undefined;
  return { low: [low[0], low[1], low[2]], high: [high[0], high[1], high[2]] };
}

/** Finds the first voxel from an index on that is not 0 (the length where there is none); bytes four at a time. */
function notZero(data: VoxelArray): (at: number) => number {
  const n = data.length;
  const bytes = data.BYTES_PER_ELEMENT === 1 && data.byteOffset % 4 === 0;
  const four = bytes ? new Int32Array(data.buffer, data.byteOffset, n >> 2) : new Int32Array(0);
  return (from) => {
    let at = from;
    while (at < n && at % 4 !== 0 && data[at] === 0) at++;
    if (at % 4 === 0 && at >> 2 < four.length) {
      let word = at >> 2;
      while (word < four.length && four[word] === 0) word++;
      at = 4 * word;
    }
    while (at < n && data[at] === 0) at++;
    return at;
  };
}

function equalTo(data: VoxelArray, label: number): (at: number) => number {
  const n = data.length;
  return (from) => {
    let at = from;
    while (at < n && data[at] !== label) at++;
    return at;
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
