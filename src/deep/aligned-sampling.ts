import type { Geometry, Vector3, Volume } from '../imaging/volume.ts';
import { NacreError } from '../runtime/errors.ts';

export interface AlignedSample {
  /** Values on the target grid, x fastest; 0 where the source does not reach. */
  data: Float32Array;
  /** Index box of the target that lies within the source's voxels: from (included) to (excluded) along i, j, k. */
  from: Vector3;
  to: Vector3;
}

/** How far apart axes may point and still count as parallel (cosine). */
const parallel = 0.9999;

/**
 * Samples a volume onto a grid whose axes are parallel to its axes, in any order and direction, as needed for a crop, a
 * reorientation or a change of spacing. The three axes are then independent, so positions are worked out once per axis, and a
 * voxel costs eight reads (one for `nearest`).
 *
 * A position counts as inside within half a voxel of the outermost centres and takes the border's value there;
 * `nearest` rounds halves up, as `scipy.ndimage.zoom(order=0)` does.
 *
 * @throws NacreError `grid-oblique` when an axis of the target runs along none of the source
 */
export function sampleAligned(
  source: Volume,
  target: Geometry,
  interpolation: 'nearest' | 'linear',
): AlignedSample {
  const axes = matchAxes(source, target);
  const tables = axes.map(({ axis, first, step }, a) =>
    axisTable(target.size[a], source.size[axis], strideOf(source, axis), first, step),
  );
  const [tx, ty, tz] = tables;
  const [nx, ny] = target.size;
  const data = new Float32Array(nx * ny * target.size[2]);
  const voxels = source.data;
  const nearest = interpolation === 'nearest';
  for (let k = tz.from; k < tz.to; k++) {
    for (let j = ty.from; j < ty.to; j++) {
      const row = nx * (j + ny * k);
      if (nearest) {
        const base = tz.nearest[k] + ty.nearest[j];
        for (let i = tx.from; i < tx.to; i++) data[row + i] = voxels[base + tx.nearest[i]];
        continue;
      }
      const b00 = tz.low[k] + ty.low[j];
      const b01 = tz.low[k] + ty.high[j];
      const b10 = tz.high[k] + ty.low[j];
      const b11 = tz.high[k] + ty.high[j];
      const wz = tz.weight[k];
      const wy = ty.weight[j];
      for (let i = tx.from; i < tx.to; i++) {
        const l = tx.low[i];
        const h = tx.high[i];
        const w = tx.weight[i];
        const v00 = voxels[b00 + l] + w * (voxels[b00 + h] - voxels[b00 + l]);
        const v01 = voxels[b01 + l] + w * (voxels[b01 + h] - voxels[b01 + l]);
        const v10 = voxels[b10 + l] + w * (voxels[b10 + h] - voxels[b10 + l]);
        const v11 = voxels[b11 + l] + w * (voxels[b11 + h] - voxels[b11 + l]);
        const near = v00 + wy * (v01 - v00);
        data[row + i] = near + wz * (v10 + wy * (v11 - v10) - near);
      }
    }
  }
  return { data, from: [tx.from, ty.from, tz.from], to: [tx.to, ty.to, tz.to] };
}

interface MatchedAxis {
  /** Axis of the source that the target's runs along. */
  axis: 0 | 1 | 2;
  /** Source index of the target's first voxel, and from one to the next. */
  first: number;
  step: number;
}

function matchAxes(source: Geometry, target: Geometry): [MatchedAxis, MatchedAxis, MatchedAxis] {
  const shift = target.origin.map((x, r) => x - source.origin[r]);
  const match = (a: number): MatchedAxis => {
    for (const axis of [0, 1, 2] as const) {
      let cosine = 0;
      let along = 0;
      for (let r = 0; r < 3; r++) {
        cosine += target.direction[3 * r + a] * source.direction[3 * r + axis];
        along += shift[r] * source.direction[3 * r + axis];
      }
      if (Math.abs(cosine) < parallel) continue;
      const step = (Math.sign(cosine) * target.spacing[a]) / source.spacing[axis];
      return { axis, first: along / source.spacing[axis], step };
    }
    throw new NacreError('grid-oblique', 'the axes of the two grids are not parallel', {
      found: `axis ${a} of the target: ${[0, 1, 2].map((r) => target.direction[3 * r + a]).join(', ')}`,
      expected: 'an axis of the source, possibly reversed',
      todo: 'resample the image first',
    });
  };
  return [match(0), match(1), match(2)];
}

function strideOf({ size }: Geometry, axis: 0 | 1 | 2): number {
  return axis === 0 ? 1 : axis === 1 ? size[0] : size[0] * size[1];
}

interface AxisTable {
  /** Element offsets of the two neighbours and the weight of the upper one. */
  low: Int32Array;
  high: Int32Array;
  weight: Float64Array;
  nearest: Int32Array;
  from: number;
  to: number;
}

function axisTable(
  count: number,
  sourceCount: number,
  stride: number,
  first: number,
  step: number,
): AxisTable {
  const low = new Int32Array(count);
  const high = new Int32Array(count);
  const weight = new Float64Array(count);
  const nearest = new Int32Array(count);
  let from = count;
  let to = 0;
  const slack = 1e-6;
  for (let i = 0; i < count; i++) {
    const at = first + i * step;
    if (at < -0.5 - slack || at > sourceCount - 0.5 + slack) continue;
    if (from === count) from = i;
    to = i + 1;
    const inside = Math.min(Math.max(at, 0), sourceCount - 1);
    const below = Math.min(Math.floor(inside), Math.max(0, sourceCount - 2));
    low[i] = below * stride;
    high[i] = Math.min(below + 1, sourceCount - 1) * stride;
    weight[i] = inside - below;
    nearest[i] = Math.min(Math.floor(inside + 0.5 + slack), sourceCount - 1) * stride;
  }
  return { low, high, weight, nearest, from: Math.min(from, to), to };
}
