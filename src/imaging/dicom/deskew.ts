import type { NoteAssumption } from '../../runtime/assumptions.ts';
import { declaredSize } from '../declared-size.ts';
import type { Vector3, Volume } from '../volume.ts';
import { along } from './series.ts';
import type { SeriesStack } from './stack.ts';

/**
 * Resamples a stack that is off its normal onto an upright grid: each slice is shifted within its own plane, by linear
 * interpolation; its distance from the others along the normal stays. The grid is as wide as all slices together; voxels
 * that no slice covers get the lowest value of the volume.
 *
 * @param volume slices above each other as if the stack were upright, its origin that of the first slice
 */
export function deskewed(
  volume: Volume,
  stack: SeriesStack,
  phase: number,
  { file, note }: { file: string; note?: NoteAssumption | undefined },
): Volume {
  const { data, size, spacing, direction, origin } = volume;
  const row: Vector3 = [direction[0], direction[3], direction[6]];
  const column: Vector3 = [direction[1], direction[4], direction[7]];
  const first = stack.phases[phase][0].frame.position as Vector3;
  /** Where each slice begins within the planes of the first, in pixels. */
  const shifts = stack.phases[phase].map(({ frame }) => {
    const off = (frame.position as Vector3).map((x, i) => x - first[i]) as unknown as Vector3;
    return [along(row, off) / spacing[0], along(column, off) / spacing[1]];
  });
  const least = [0, 1].map((axis) => Math.floor(Math.min(...shifts.map((shift) => shift[axis]))));
  const most = [0, 1].map((axis) => Math.ceil(Math.max(...shifts.map((shift) => shift[axis]))));
  const grown = declaredSize(
    [size[0] + most[0] - least[0], size[1] + most[1] - least[1], size[2]],
    file,
  );
  let lowest = Number.POSITIVE_INFINITY;
  for (let i = 0; i < data.length; i++) if (data[i] < lowest) lowest = data[i];
  const out = new Float32Array(grown[0] * grown[1] * grown[2]).fill(lowest);
  for (const [k, shift] of shifts.entries()) {
    shiftSlice(data, size, out, grown, k, shift[0] - least[0], shift[1] - least[1]);
  }
  note?.({
    kind: 'dicom-deskewed',
    file,
    found: `slices stacked at ${stack.shear.toFixed(2)}° to their normal`,
    taken: `an upright grid of ${grown.join('×')} voxels, linear interpolation within each slice, ${lowest} where no slice reaches`,
    why: 'deskewing was asked for',
  });
  const moved = origin.map(
    (x, i) => x + row[i] * least[0] * spacing[0] + column[i] * least[1] * spacing[1],
  ) as unknown as Vector3;
  return { ...volume, size: grown, origin: moved, data: out };
}

/** Writes slice k of a volume, shifted by a fraction of pixels, into a larger one. */
function shiftSlice(
  data: Volume['data'],
  [nx, ny]: Vector3,
  out: Float32Array,
  [mx, my]: Vector3,
  k: number,
  dx: number,
  dy: number,
): void {
  const slice = k * nx * ny;
  for (let y = 0; y < my; y++) {
    const v = y - dy;
    if (v < 0 || v > ny - 1) continue;
    const y0 = Math.min(Math.floor(v), Math.max(0, ny - 2));
    const fy = v - y0;
    const below = Math.min(y0 + 1, ny - 1);
    for (let x = 0; x < mx; x++) {
      const u = x - dx;
      if (u < 0 || u > nx - 1) continue;
      const x0 = Math.min(Math.floor(u), Math.max(0, nx - 2));
      const fx = u - x0;
      const beside = Math.min(x0 + 1, nx - 1);
      const top = data[slice + y0 * nx + x0] * (1 - fx) + data[slice + y0 * nx + beside] * fx;
      const bottom =
        data[slice + below * nx + x0] * (1 - fx) + data[slice + below * nx + beside] * fx;
      out[k * mx * my + y * mx + x] = top * (1 - fy) + bottom * fy;
    }
  }
}
