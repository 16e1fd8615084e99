import { aggregatedValues } from '../aggregation.ts';
import { angles } from '../algorithms/angles.ts';
import {
  type CountMatrix,
  type CountStatistics,
  countStatistics,
  fromDense,
} from '../algorithms/count-matrix.ts';
import { gridSteps, levelGrid } from '../algorithms/level-grid.ts';
import type { LevelClass, NeighbourOptions } from '../feature-class.ts';
import { gldmFeatures } from '../feature-names.ts';
import type { DiscretisedRegion } from '../region-of-interest.ts';

/** Options of GLDM and NGLDM, which share their matrix. */
export interface GldmOptions extends NeighbourOptions {
  /** Levels that differ by at most this are dependent. Default 0. */
  gldm_a?: number | undefined;
}

/**
 * Grey level dependence matrix (Sun and Wee 1983; IBSI REK0 as NGLDM): voxels by level and by 1 + the number of
 * neighbours whose level differs by at most `gldm_a`.
 */
export function dependenceMatrix(
  region: DiscretisedRegion,
  options: GldmOptions = {},
): CountMatrix {
  const { gldm_a: cutoff = 0, distances = [1] } = options;
  const grid = levelGrid(region, Math.max(...distances));
  const { ranks, positions, grey } = grid;
  const steps = gridSteps(grid, angles(region.size, options));
  const columns = 2 * steps.length + 1;
  const counts = new Float64Array((grey.length - 1) * columns);
  for (let at = 0; at < positions.length; at++) {
    const here = positions[at];
    const rank = ranks[here];
    let dependent = 0;
    if (cutoff === 0) {
      // Without a branch, which the processor would mispredict half the time: 1 where the ranks have no bit that differs.
      for (let s = 0; s < steps.length; s++) {
        const step = steps[s];
        dependent += ((ranks[here + step] ^ rank) - 1) >>> 31;
        dependent += ((ranks[here - step] ^ rank) - 1) >>> 31;
      }
    } else {
      for (let s = 0; s < steps.length; s++) {
        const ahead = ranks[here + steps[s]];
        const behind = ranks[here - steps[s]];
        if (ahead !== 0 && Math.abs(grey[ahead] - grey[rank]) <= cutoff) dependent++;
        if (behind !== 0 && Math.abs(grey[behind] - grey[rank]) <= cutoff) dependent++;
      }
    }
    counts[(rank - 1) * columns + dependent]++;
  }
  return fromDense(counts, grey, columns);
}

export const gldm: LevelClass<GldmOptions> = {
  name: 'gldm',
  title: 'Grey level dependence matrix',
  needs: 'levels',
  features: gldmFeatures,
  compute(region, options = {}) {
    return aggregatedValues(gldmFeatures, region, options, (part, plain) => [
      named(countStatistics(dependenceMatrix(part, plain))),
    ]);
  },
};

function named(s: CountStatistics): Record<string, number> {
  return {
    SmallDependenceEmphasis: s.smallEmphasis,
    LargeDependenceEmphasis: s.largeEmphasis,
    GrayLevelNonUniformity: s.greyNonUniformity,
    DependenceNonUniformity: s.sizeNonUniformity,
    DependenceNonUniformityNormalized: s.sizeNonUniformityNormalised,
    GrayLevelVariance: s.greyVariance,
    DependenceVariance: s.sizeVariance,
    DependenceEntropy: s.entropy,
    LowGrayLevelEmphasis: s.lowGreyEmphasis,
    HighGrayLevelEmphasis: s.highGreyEmphasis,
    SmallDependenceLowGrayLevelEmphasis: s.smallLowGrey,
    SmallDependenceHighGrayLevelEmphasis: s.smallHighGrey,
    LargeDependenceLowGrayLevelEmphasis: s.largeLowGrey,
    LargeDependenceHighGrayLevelEmphasis: s.largeHighGrey,
  };
}
