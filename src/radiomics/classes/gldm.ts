import { aggregatedValues } from '../aggregation.ts';
import { angles } from '../algorithms/angles.ts';
import {
  type CountMatrix,
  type CountStatistics,
  countStatistics,
  fromDense,
} from '../algorithms/count-matrix.ts';
import { gridSteps, levelGrid } from '../algorithms/level-grid.ts';
import { countDependences } from '../algorithms/texture-loops.ts';
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
  const steps = gridSteps(grid, angles(region.size, options));
  const { columns, counts } = countDependences(grid, steps, cutoff);
  return fromDense(counts.subarray(columns), grid.grey, columns);
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
