import { angles } from '../angles.ts';
import { type FeatureClass, type FeatureOptions, featureValues } from '../feature-class.ts';
import { gldmFeatures } from '../feature-names.ts';
import type { DiscretisedRegion } from '../region-of-interest.ts';
import {
  type CountMatrix,
  type CountStatistics,
  countStatistics,
  fromDense,
} from './count-matrix.ts';
import { gridStep, levelGrid } from './level-grid.ts';

/**
 * Grey level dependence matrix (Sun and Wee 1983; IBSI REK0 as NGLDM): voxels by level and by 1 + the number of
 * neighbours whose level differs by at most `gldm_a`.
 */
export function dependenceMatrix(
  region: DiscretisedRegion,
  options: FeatureOptions = {},
): CountMatrix {
  const { gldm_a: cutoff = 0, distances = [1] } = options;
  const grid = levelGrid(region, Math.max(...distances));
  const { ranks, positions, grey } = grid;
  const steps = Int32Array.from(angles(region.size, options).map((angle) => gridStep(grid, angle)));
  const dependent = new Uint16Array(ranks.length);
  // Each pair is met once and counted for both its voxels.
  for (let s = 0; s < steps.length; s++) {
    const step = steps[s];
    for (let at = 0; at < positions.length; at++) {
      const here = positions[at];
      const there = here + step;
      const [a, b] = [ranks[here], ranks[there]];
      if (a === b || (cutoff > 0 && b !== 0 && Math.abs(grey[a] - grey[b]) <= cutoff)) {
        dependent[here]++;
        dependent[there]++;
      }
    }
  }
  const columns = 2 * steps.length + 1;
  const counts = new Float64Array((grey.length - 1) * columns);
  for (let at = 0; at < positions.length; at++) {
    counts[(ranks[positions[at]] - 1) * columns + dependent[positions[at]]]++;
  }
  return fromDense(counts, grey, columns);
}

export const gldm: FeatureClass = {
  name: 'gldm',
  title: 'Grey level dependence matrix',
  needs: 'levels',
  features: gldmFeatures,
  compute(region, options = {}) {
    const statistics = countStatistics(dependenceMatrix(region, options));
    return featureValues(gldmFeatures, named(statistics), options);
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
