import type { Box } from '../../imaging/crop.ts';
import type { Vector3, VoxelArray } from '../../imaging/volume.ts';
import type { RecursiveFilter } from './recursive-gaussian.ts';
import { filterPairs, pairMargin } from './recursive-lines.ts';

type Floats = Float32Array | Float64Array;

/** An image on its way through the passes. */
export interface FloatImage {
  data: VoxelArray;
  size: Vector3;
}

/** Doubles of a block of lines, so that two blocks stay in the nearer caches. */
const blockLength = 4096;
/** Voxels beside one another that are turned into floats at once. */
const bandLength = 1024;

/**
 * One pass of a recursive filter along one axis; along that axis only the voxels of the box are kept. Results are rounded to
 * float32, as ITK holds them between its passes.
 *
 * @param into an image to which they are added, times `scale`; default: a new image
 */
export function filterAxis(
  part: FloatImage,
  axis: 0 | 1 | 2,
  filter: RecursiveFilter,
  box: Box,
  into?: { data: Float32Array; scale: number },
): FloatImage {
  const { data, size } = part;
  const to = [size[0], size[1], size[2]];
  to[axis] = box.high[axis] - box.low[axis] + 1;
  const out = into?.data ?? new Float32Array(to[0] * to[1] * to[2]);
  const scale = into?.scale ?? 0;
  const [n, kept] = [size[axis], to[axis]];
  const [low, high] = [box.low[axis], box.high[axis]];
  const pairLength = 2 * (n + pairMargin);
  // Lines side by side along x, row by row; along x itself two lines at a time.
  const most = axis === 0 ? 1 : Math.max(8, Math.floor(blockLength / pairLength));
  const lines = new Float64Array(most * pairLength);
  const result = new Float64Array(most * pairLength);
  if (axis === 0) {
    const count = size[1] * size[2];
    const stretch = new FloatStretch(data, 2 * n);
    for (let line = 0; line < count; line += 2) {
      const width = Math.min(2, count - line) * n;
      stretch.load(line * n, 1, width, width);
      loadRows(stretch.floats, lines, stretch.first, stretch.first + width - n, n);
      filterPairs(lines, result, n, 1, filter, low, high);
      storeRow(result, pairMargin + 2 * low, out, line * kept, kept, scale);
      if (width > n) {
        storeRow(result, pairMargin + 2 * low + 1, out, (line + 1) * kept, kept, scale);
      }
    }
    return { data: out, size: [to[0], to[1], to[2]] };
  }
  // Lines of z lie side by side over a whole plane.
  const stride = axis === 1 ? size[0] : size[0] * size[1];
  const planes = axis === 1 ? size[2] : 1;
  const band = 2 * most * Math.max(1, Math.floor(bandLength / (2 * most)));
  const stretch = new FloatStretch(data, n * Math.min(band, stride));
  for (let plane = 0; plane < planes; plane++) {
    for (let start = 0; start < stride; start += band) {
      const end = Math.min(start + band, stride);
      stretch.load(plane * n * stride + start, n, stride, end - start);
      for (let first = start; first < end; first += 2 * most) {
        const width = Math.min(2 * most, end - first);
        const from = stretch.first + first - start;
        loadColumns(stretch.floats, lines, from, n, stretch.stride, width);
        filterPairs(lines, result, n, Math.ceil(width / 2), filter, low, high);
        const target = plane * kept * stride + first;
        storeColumns(result, n, low, out, target, kept, stride, width, scale);
      }
    }
  }
  return { data: out, size: [to[0], to[1], to[2]] };
}

/**
 * A stretch of an image as floats that hold each voxel exactly, so that the loops see one array type for every scan. Floats are read
 * where they are. Integers are copied stretch by stretch, since a copy of a whole CT would take 300 MB.
 */
class FloatStretch {
  readonly floats: Floats;
  /** Place of the first voxel in `floats`, and voxels from one row to the next. */
  first = 0;
  stride = 0;
  readonly #integers: VoxelArray | undefined;

  constructor(data: VoxelArray, most: number) {
    const inPlace = data instanceof Float32Array || data instanceof Float64Array;
    this.#integers = inPlace ? undefined : data;
    if (inPlace) this.floats = data;
    else this.floats = data.BYTES_PER_ELEMENT < 4 ? new Float32Array(most) : new Float64Array(most);
  }

  /** Rows of `width` voxels, `stride` apart in the image. */
  load(first: number, rows: number, stride: number, width: number): void {
    const integers = this.#integers;
    if (integers === undefined) {
      this.first = first;
      this.stride = stride;
      return;
    }
    this.stride = width;
    for (let r = 0; r < rows; r++) {
      const from = first + r * stride;
      this.floats.set(integers.subarray(from, from + width), r * width);
    }
  }
}

/** Two lines of x as a pair. */
function loadRows(data: Floats, lines: Float64Array, first: number, second: number, n: number) {
  for (let i = 0, to = pairMargin; i < n; i++, to += 2) {
    lines[to] = data[first + i];
    lines[to + 1] = data[second + i];
  }
}

/** One line of a pair into the image: instead of what is there where `scale` is 0, else times `scale` added to it. */
function storeRow(
  result: Float64Array,
  from: number,
  out: Float32Array,
  to: number,
  count: number,
  scale: number,
): void {
  if (scale === 0) {
    for (let i = 0; i < count; i++) out[to + i] = result[from + 2 * i];
  } else {
    for (let i = 0; i < count; i++) out[to + i] += Math.fround(result[from + 2 * i]) * scale;
  }
}

/** `width` lines of y or z, side by side in the image, as pairs. */
function loadColumns(
  data: Floats,
  lines: Float64Array,
  first: number,
  n: number,
  stride: number,
  width: number,
): void {
  const pairLength = 2 * (n + pairMargin);
  const even = width & ~1;
  for (let r = 0; r < n; r++) {
    const from = first + r * stride;
    let to = pairMargin + 2 * r;
    for (let i = 0; i < even; i += 2, to += pairLength) {
      lines[to] = data[from + i];
      lines[to + 1] = data[from + i + 1];
    }
    if (even < width) lines[to] = data[from + even];
  }
}

/** Their voxels from `low` on into the image, as `storeRow` does. */
function storeColumns(
  result: Float64Array,
  n: number,
  low: number,
  out: Float32Array,
  first: number,
  kept: number,
  stride: number,
  width: number,
  scale: number,
): void {
  const pairLength = 2 * (n + pairMargin);
  const even = width & ~1;
  for (let r = 0; r < kept; r++) {
    const to = first + r * stride;
    let from = pairMargin + 2 * (r + low);
    if (scale === 0) {
      for (let i = 0; i < even; i += 2, from += pairLength) {
        out[to + i] = result[from];
        out[to + i + 1] = result[from + 1];
      }
      if (even < width) out[to + even] = result[from];
    } else {
      for (let i = 0; i < even; i += 2, from += pairLength) {
        out[to + i] += Math.fround(result[from]) * scale;
        out[to + i + 1] += Math.fround(result[from + 1]) * scale;
      }
      if (even < width) out[to + even] += Math.fround(result[from]) * scale;
    }
  }
}
