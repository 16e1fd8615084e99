import { aggregatedValues } from '../aggregation.ts';
import { type Angle, angles } from '../algorithms/angles.ts';
import { type CountStatistics, denseStatistics } from '../algorithms/count-matrix.ts';
import {
  gridStep,
  gridSteps,
  gridVoxel,
  type LevelGrid,
  levelGrid,
} from '../algorithms/level-grid.ts';
import { mergedMatrices } from '../algorithms/merged-matrices.ts';
import { countRuns } from '../algorithms/texture-loops.ts';
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
  // In IBSI a flat box still has 13 directions, some with runs of one voxel only.
  const size = ibsi ? ([2, 2, 2] as const) : region.size;
  const directions = angles(size, { ...options, distances: [1] });
  countRuns(grid, gridSteps(grid, directions), columns, (direction, counts, longest) => {
    const angle = directions[direction];
    if (!ibsi && longest < 2 && !sharesLine(grid, angle, region)) return;
    matrices.push({ angle, columns, counts });
  });
  return matrices;
}

/** Whether some line of this direction holds two voxels of the region, apart or of different levels. */
function sharesLine(grid: LevelGrid, angle: Angle, { size }: DiscretisedRegion): boolean {
  const { border, ranks, first, end } = grid;
  const step = gridStep(grid, angle);
  for (let start = first; start < end; start++) {
    if (ranks[start] === 0) continue;
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
  return matrices.map(({ counts, columns }) => named(denseStatistics(counts, grey, columns)));
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
