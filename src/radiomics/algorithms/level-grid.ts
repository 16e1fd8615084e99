import type { DiscretisedRegion } from '../region-of-interest.ts';
import type { Angle } from './angles.ts';
import { placeRanks } from './region-passes.ts';

/**
 * Grey levels on a grid with an empty border, so that a step from any voxel of the region stays inside the array
 * and texture loops need no bounds check. Levels are kept as ranks among those present: matrices have no empty rows.
 */
export interface LevelGrid {
  /** Empty voxels around the box. */
  readonly border: number;
  /** Index steps of j and k (i is 1). */
  readonly rowStep: number;
  readonly sliceStep: number;
  /** 0 outside the region, else 1 + the level's place in `presentLevels`. */
  readonly ranks: Int32Array;
  /** The region's voxels lie between these places of `ranks` (the second is not included), in scan order. */
  readonly first: number;
  readonly end: number;
  /** Level of each rank; `grey[0]` is 0. */
  readonly grey: Float64Array;
}

/** Texture classes of one region use one grid. */
const grids = new WeakMap<DiscretisedRegion, LevelGrid>();

/** The grid of a region with a border of at least `border` voxels. */
export function levelGrid(region: DiscretisedRegion, border = 1): LevelGrid {
  const known = grids.get(region);
  if (known !== undefined && known.border >= border) return known;
  const grid = build(region, border);
  grids.set(region, grid);
  return grid;
}

function build(
  { size, levels, presentLevels, levelCount }: DiscretisedRegion,
  border: number,
): LevelGrid {
  const [nx, ny, nz] = size;
  const rank = new Int32Array(levelCount + 1);
  const grey = new Float64Array(presentLevels.length + 1);
  for (let place = 0; place < presentLevels.length; place++) {
    rank[presentLevels[place]] = place + 1;
    grey[place + 1] = presentLevels[place];
  }
  const rowStep = nx + border;
  const sliceStep = rowStep * (ny + border);
  // One border between rows (and slices) serves both sides.
  const start = border * (1 + rowStep + sliceStep);
  const ranks = placeRanks(
    levels,
    rank,
    size,
    { rowStep, sliceStep, first: start },
    start + sliceStep * (nz + border),
  );
  const end = start + (nx - 1) + (ny - 1) * rowStep + (nz - 1) * sliceStep + 1;
  return { border, rowStep, sliceStep, ranks, first: start, end, grey };
}

/** An angle as a step in the grid's array. */
export function gridStep({ rowStep, sliceStep }: LevelGrid, [i, j, k]: Angle): number {
  return i + j * rowStep + k * sliceStep;
}

/** Array steps of some angles. */
export function gridSteps(grid: LevelGrid, angles: readonly Angle[]): Int32Array {
  const steps = new Int32Array(angles.length);
  for (let s = 0; s < steps.length; s++) steps[s] = gridStep(grid, angles[s]);
  return steps;
}

/** Grid coordinates of a position, voxels from the grid's first. */
export function gridVoxel({ rowStep, sliceStep }: LevelGrid, position: number): Angle {
  const inSlice = position % sliceStep;
  return [inSlice % rowStep, Math.floor(inSlice / rowStep), Math.floor(position / sliceStep)];
}
