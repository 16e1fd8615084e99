import { type Box, sizeOfBox } from './crop.ts';
import type { Mask } from './volume.ts';

export interface DistanceTransformOptions {
  /** Compute no more than this box; distances to voxels outside it still count as infinite. Default: the whole grid. */
  within?: Box | undefined;
}

/**
 * Squared Euclidean distance, mm², from the centre of every voxel to the centre of the nearest voxel of the region (0 inside):
 * exact on anisotropic voxels, one axis after the other (Felzenszwalb and Huttenlocher, Theory of Computing 8:415, 2012).
 * Infinity where the region is empty. Time is linear in the voxels.
 *
 * @returns doubles in x-fastest order, of the box's size
 */
export function squaredDistance(
  mask: Mask,
  { within }: DistanceTransformOptions = {},
): Float64Array {
  const { data, size, spacing } = mask;
  const box = within ?? { low: [0, 0, 0], high: [size[0] - 1, size[1] - 1, size[2] - 1] };
  const [nx, ny, nz] = sizeOfBox(box);
  const out = new Float64Array(nx * ny * nz);
  for (let k = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) {
      const from = box.low[0] + size[0] * (box.low[1] + j + size[1] * (box.low[2] + k));
      alongRow(data, from, out, nx * (j + ny * k), nx, spacing[0]);
    }
  }
  const longest = Math.max(ny, nz);
  const envelope: Envelope = {
    line: new Float64Array(longest),
    apex: new Int32Array(longest),
    from: new Float64Array(longest + 1),
  };
  for (let k = 0; k < nz; k++) {
    for (let i = 0; i < nx; i++) lowerEnvelope(out, i + nx * ny * k, nx, ny, spacing[1], envelope);
  }
  for (let i = 0; i < nx * ny; i++) lowerEnvelope(out, i, nx * ny, nz, spacing[2], envelope);
  return out;
}

/** First axis: a sweep on and a sweep back, counting voxels since the last one inside. */
function alongRow(
  mask: Uint8Array,
  from: number,
  out: Float64Array,
  to: number,
  n: number,
  spacing: number,
): void {
  let since = Number.POSITIVE_INFINITY;
  for (let i = 0; i < n; i++) {
    since = mask[from + i] === 0 ? since + 1 : 0;
    out[to + i] = since;
  }
  since = Number.POSITIVE_INFINITY;
  for (let i = n - 1; i >= 0; i--) {
    since = out[to + i] === 0 ? 0 : since + 1;
    const mm = Math.min(since, out[to + i]) * spacing;
    out[to + i] = mm * mm;
  }
}

interface Envelope {
  /** The line before it is overwritten, mm². */
  line: Float64Array;
  /** Voxels whose parabola is lowest somewhere, in order. */
  apex: Int32Array;
  /** Where each begins to be the lowest, in voxels. */
  from: Float64Array;
}

/** min over q of line[q] + (spacing (p - q))², by the lower envelope of these parabolas. */
function lowerEnvelope(
  data: Float64Array,
  start: number,
  stride: number,
  n: number,
  spacing: number,
  { line, apex, from }: Envelope,
): void {
  const s2 = spacing * spacing;
  let last = -1;
  for (let q = 0; q < n; q++) {
    const height = data[start + q * stride];
    line[q] = height;
    if (height === Number.POSITIVE_INFINITY) continue;
    let meets = Number.NEGATIVE_INFINITY;
    while (last >= 0) {
      const v = apex[last];
      meets = ((height - line[v]) / s2 + (q * q - v * v)) / (2 * (q - v));
      if (meets > from[last]) break;
      last--;
      meets = Number.NEGATIVE_INFINITY;
    }
    last++;
    apex[last] = q;
    from[last] = meets;
  }
  if (last < 0) return;
  let piece = 0;
  for (let p = 0; p < n; p++) {
    while (piece < last && from[piece + 1] < p) piece++;
    const v = apex[piece];
    data[start + p * stride] = line[v] + s2 * (p - v) * (p - v);
  }
}
