import type { DiscretisedRegion } from '../region-of-interest.ts';
import type { Angle } from './angles.ts';

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
  /** 0 outside the region, else 1 + the level's place in `presentLevels`. 16 bits unless there are more levels. */
  readonly ranks: Uint16Array | Int32Array;
  /** Where the region's voxels lie in `ranks`, in scan order. */
  readonly positions: Int32Array;
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
  { size, levels, voxels, presentLevels, levelCount }: DiscretisedRegion,
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
  const Ranks = presentLevels.length < 2 ** 16 ? Uint16Array : Int32Array;
  const ranks = new Ranks(start + sliceStep * (nz + border));
  const positions = new Int32Array(voxels);
  let found = 0;
  for (let k = 0, at = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) {
      for (let i = 0, to = start + j * rowStep + k * sliceStep; i < nx; i++, at++, to++) {
        const level = levels[at];
        if (level === 0) continue;
        ranks[to] = rank[level];
        positions[found++] = to;
      }
    }
  }
  return { border, rowStep, sliceStep, ranks, positions, grey };
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
