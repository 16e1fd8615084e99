import { type Box, boxOf } from '../imaging/crop.ts';
import {
  type Geometry,
  indexToPoint,
  type Mask,
  type Matrix3,
  type Vector3,
} from '../imaging/volume.ts';
import { NacreError } from '../runtime/errors.ts';
import type { Preprocessing } from './preprocessing.ts';
import { spacingGrew } from './spacing-growth.ts';

/** The box of the mask's voxels, or of the whole grid. @throws NacreError `empty-mask` */
export function regionBox({ size }: Geometry, mask: Mask | undefined): Box {
  if (mask === undefined) return { low: [0, 0, 0], high: [size[0] - 1, size[1] - 1, size[2] - 1] };
  const box = boxOf(mask);
  if (box !== undefined) return box;
  throw new NacreError('empty-mask', 'the region holds no voxel', {
    expected: 'at least one voxel of 1',
    todo: 'check the mask and its label',
  });
}

/** The grid of the input: centred on the box, axes turned, spacing and size as set. */
export function inputGrid(
  volume: Geometry,
  { low, high }: Box,
  settings: Preprocessing,
): { grid: Geometry; warnings: string[] } {
  const warnings: string[] = [];
  const axes = inputAxes(volume.direction, settings.orientation);
  const centre = indexToPoint(
    volume,
    [0, 1, 2].map((a) => (low[a] + high[a]) / 2) as unknown as Vector3,
  );
  const direction = turned(volume.direction, axes);
  const margin = settings.crop === 'region' ? settings.marginMm : 0;
  // Edge to edge, mm, along the axes of the input.
  const extent = axes.map(
    ({ axis }) => (high[axis] - low[axis] + 1) * volume.spacing[axis] + 2 * margin,
  );
  const voxelMm = axes.map(({ axis }) => volume.spacing[axis]);
  const wantedSize = settings.size === null ? null : tripleOf<number | null>(settings.size);
  let spacing = settings.spacing === null ? null : tripleOf(settings.spacing);
  let size: number[];
  if (wantedSize === null) {
    spacing ??= [voxelMm[0], voxelMm[1], voxelMm[2]];
    size = extent.map((mm, a) => Math.max(8, 8 * Math.ceil(mm / spacing![a] / 8 - 1e-9)));
    if (size[0] * size[1] * size[2] > 2 ** 27) {
      throw new NacreError('bad-option', 'the input would be too large', {
        found: `${size.join('×')} voxels`,
        expected: `at most ${2 ** 27}`,
        todo: 'take a coarser spacing, or set size',
      });
    }
  } else {
    const given = spacing;
    size = wantedSize.map(
      (voxels, a) => voxels ?? Math.max(1, Math.ceil(extent[a] / (given ?? voxelMm)[a] - 1e-6)),
    );
    if (spacing === null) {
      // First and last centres of the crop fall on those of the input, as in scipy.ndimage.zoom.
      spacing = extent.map((mm, a) =>
        wantedSize[a] === null ? voxelMm[a] : (mm - voxelMm[a]) / (size[a] - 1) || voxelMm[a],
      ) as unknown as Vector3;
    } else if (settings.tooLarge === 'shrink') {
      // An axis without a given size holds the whole crop already.
      const fixed = extent.map((mm, a) =>
        wantedSize[a] === null ? 0 : mm / (size[a] * given![a]),
      );
      const factor = Math.max(1, ...fixed);
      if (factor > 1) warnings.push(spacingGrew(extent, factor));
      spacing = [spacing[0] * factor, spacing[1] * factor, spacing[2] * factor];
    }
  }
  const [sx, sy, sz] = spacing;
  const half = [((size[0] - 1) / 2) * sx, ((size[1] - 1) / 2) * sy, ((size[2] - 1) / 2) * sz];
  const origin = [0, 1, 2].map(
    (r) =>
      centre[r] -
      direction[3 * r] * half[0] -
      direction[3 * r + 1] * half[1] -
      direction[3 * r + 2] * half[2],
  ) as unknown as Vector3;
  return { grid: { size: [size[0], size[1], size[2]], spacing, origin, direction }, warnings };
}

interface TurnedAxis {
  axis: 0 | 1 | 2;
  sense: 1 | -1;
}

const scanAxes: TurnedAxis[] = [
  { axis: 0, sense: 1 },
  { axis: 1, sense: 1 },
  { axis: 2, sense: 1 },
];

function inputAxes(direction: Matrix3, orientation: Preprocessing['orientation']): TurnedAxis[] {
  if (orientation === 'scan') return scanAxes;
  if (orientation === 'first-axis-depth') return [scanAxes[2], scanAxes[1], scanAxes[0]];
  const axes = lpsAxes(direction);
  if (orientation === 'lps') return axes;
  return axes.map(({ axis, sense }, r) => ({ axis, sense: r < 2 ? opposite(sense) : sense }));
}

function opposite(sense: 1 | -1): 1 | -1 {
  return sense === 1 ? -1 : 1;
}

/** For each of left, posterior, superior the scan's axis that runs most along it: the best of the six pairings. */
function lpsAxes(direction: Matrix3): TurnedAxis[] {
  const orders = [
    [0, 1, 2],
    [0, 2, 1],
    [1, 0, 2],
    [1, 2, 0],
    [2, 0, 1],
    [2, 1, 0],
  ] as const;
  const along = (order: readonly number[]) =>
    order.reduce((sum, axis, r) => sum + Math.abs(direction[3 * r + axis]), 0);
  const best = [...orders].sort((a, b) => along(b) - along(a))[0];
  return best.map((axis, r) => ({ axis, sense: direction[3 * r + axis] < 0 ? -1 : 1 }));
}

/** Adding 0 turns -0 into 0. */
function turned(direction: Matrix3, axes: readonly TurnedAxis[]): Matrix3 {
  return [0, 1, 2].flatMap((r) =>
    axes.map(({ axis, sense }) => sense * direction[3 * r + axis] + 0),
  ) as unknown as Matrix3;
}

function tripleOf<T extends number | null = number>(
  value: number | readonly [T, T, T],
): readonly [T, T, T] {
  return typeof value === 'number' ? [value as T, value as T, value as T] : value;
}
