import { aggregatedValues } from '../aggregation.ts';
import { type Angle, angles } from '../algorithms/angles.ts';
import { type CountStatistics, countStatistics, fromDense } from '../algorithms/count-matrix.ts';
import { gridStep, gridVoxel, type LevelGrid, levelGrid } from '../algorithms/level-grid.ts';
import { mergedMatrices } from '../algorithms/merged-matrices.ts';
import type { DirectionOptions, LevelClass } from '../feature-class.ts';
import { glrlmFeatures } from '../feature-names.ts';
import type { DiscretisedRegion } from '../region-of-interest.ts';

/** Run lengths of one direction: `counts[(rank - 1) * columns + length - 1]`. */
export interface RunLengthMatrix {
  readonly angle: Angle;
  readonly columns: number;
  readonly counts: Float64Array;
}

/**
 * Grey level run length matrices (Galloway 1975; IBSI TP0I), one per direction.
 * A direction in which no line holds two voxels of the region is left out, as PyRadiomics does; IBSI counts its runs.
 */
export function runLengthMatrices(
  region: DiscretisedRegion,
  options: DirectionOptions = {},
): RunLengthMatrix[] {
  const ibsi = options.conventions === 'ibsi';
  const grid = levelGrid(region);
  const columns = Math.max(...region.size);
  const matrices: RunLengthMatrix[] = [];
  const place = new Uint16Array(grid.ranks.length);
  // In IBSI a flat box still has 13 directions, some with runs of one voxel only.
  const size = ibsi ? ([2, 2, 2] as const) : region.size;
  for (const angle of angles(size, { ...options, distances: [1] })) {
    const counts = new Float64Array((grid.grey.length - 1) * columns);
    const longest = countRuns(grid, gridStep(grid, angle), columns, place, counts);
    if (!ibsi && longest < 2 && !sharesLine(grid, angle, region)) continue;
    matrices.push({ angle, columns, counts });
  }
  return matrices;
}

/**
 * Counts runs by level and length and returns the longest. A voxel's place in its run is one more than that of the
 * voxel before it, or 1 where that is of another level; as many voxels have place n as runs reach length n.
 */
function countRuns(
  { ranks, positions }: LevelGrid,
  step: number,
  columns: number,
  place: Uint16Array,
  counts: Float64Array,
): number {
  // Voxels in turn go to two tables: adding one to a cell that was just written waits for that write.
  const even = new Uint32Array(counts.length);
  const odd = new Uint32Array(counts.length);
  let at = positions.length % 2;
  if (at === 1) even[runCell(ranks, place, positions[0], step, columns)]++;
  for (; at < positions.length; at += 2) {
    even[runCell(ranks, place, positions[at], step, columns)]++;
    odd[runCell(ranks, place, positions[at + 1], step, columns)]++;
  }
  let longest = 0;
  for (let row = 0; row < counts.length; row += columns) {
    let beyond = 0;
    for (let n = columns; n > 0; n--) {
      const reach = even[row + n - 1] + odd[row + n - 1];
      if (reach > 0 && n > longest) longest = n;
      counts[row + n - 1] = reach - beyond;
      beyond = reach;
    }
  }
  return longest;
}

/** Notes a voxel's place in its run and gives its cell in the table of places. */
function runCell(
  ranks: Uint16Array | Int32Array,
  place: Uint16Array,
  here: number,
  step: number,
  columns: number,
): number {
  const rank = ranks[here];
  // All bits set where the voxel before has the same level, else none: a branch would be mispredicted too often.
  const same = ((ranks[here - step] ^ rank) - 1) >> 31;
  const n = (place[here - step] & same) + 1;
  place[here] = n;
  return (rank - 1) * columns + n - 1;
}

/** Whether some line of this direction holds two voxels of the region, apart or of different levels. */
function sharesLine(grid: LevelGrid, angle: Angle, { size }: DiscretisedRegion): boolean {
  const { border, ranks, positions } = grid;
  const step = gridStep(grid, angle);
  for (const start of positions) {
    const voxel = gridVoxel(grid, start);
    let room = Number.POSITIVE_INFINITY;
    for (let axis = 0; axis < 3; axis++) {
      const place = voxel[axis] - border;
      if (angle[axis] > 0) room = Math.min(room, size[axis] - 1 - place);
      if (angle[axis] < 0) room = Math.min(room, place);
    }
    for (let n = 1; n <= room; n++) if (ranks[start + n * step] !== 0) return true;
  }
  return false;
}

export const glrlm: LevelClass<DirectionOptions> = {
  name: 'glrlm',
  title: 'Grey level run length matrix',
  needs: 'levels',
  features: glrlmFeatures,
  compute(region, options = {}) {
    return aggregatedValues(
      glrlmFeatures,
      region,
      options,
      rowsOf,
      'no direction in which a line holds two voxels of the region',
    );
  },
};

function rowsOf(region: DiscretisedRegion, options: DirectionOptions): Record<string, number>[] {
  const { grey } = levelGrid(region);
  const found = runLengthMatrices(region, options);
  const matrices = mergedMatrices(found, region.spacing, options.weightingNorm, (length) => length);
  return matrices.map(({ counts, columns }) =>
    named(countStatistics(fromDense(counts, grey, columns))),
  );
}

function named(s: CountStatistics): Record<string, number> {
  return {
    ShortRunEmphasis: s.smallEmphasis,
    LongRunEmphasis: s.largeEmphasis,
    GrayLevelNonUniformity: s.greyNonUniformity,
    GrayLevelNonUniformityNormalized: s.greyNonUniformityNormalised,
    RunLengthNonUniformity: s.sizeNonUniformity,
    RunLengthNonUniformityNormalized: s.sizeNonUniformityNormalised,
    RunPercentage: s.percentage,
    GrayLevelVariance: s.greyVariance,
    RunVariance: s.sizeVariance,
    RunEntropy: s.entropy,
    LowGrayLevelRunEmphasis: s.lowGreyEmphasis,
    HighGrayLevelRunEmphasis: s.highGreyEmphasis,
    ShortRunLowGrayLevelEmphasis: s.smallLowGrey,
    ShortRunHighGrayLevelEmphasis: s.smallHighGrey,
    LongRunLowGrayLevelEmphasis: s.largeLowGrey,
    LongRunHighGrayLevelEmphasis: s.largeHighGrey,
  };
}
