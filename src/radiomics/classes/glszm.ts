import { aggregatedValues } from '../aggregation.ts';
import { angles } from '../algorithms/angles.ts';
import {
  type CountMatrix,
  type CountStatistics,
  countStatistics,
  fromPairs,
} from '../algorithms/count-matrix.ts';
import { gridSteps, levelGrid } from '../algorithms/level-grid.ts';
import { type FoundZones, findZones } from '../algorithms/texture-loops.ts';
import type { LevelClass, NeighbourOptions } from '../feature-class.ts';
import { glszmFeatures } from '../feature-names.ts';
import type { DiscretisedRegion } from '../region-of-interest.ts';

/** Zones: connected voxels (26 neighbours, 8 in 2D) of one level, in the order of their first voxels; `place` as in `findZones`. */
export function zones(
  region: DiscretisedRegion,
  options: NeighbourOptions = {},
  place?: (zoneOf: Int32Array) => void,
): FoundZones {
  const grid = levelGrid(region);
  const steps = gridSteps(grid, angles(region.size, { ...options, distances: [1] }));
  return findZones(grid, steps, region.voxels, place);
}

/** Grey level size zone matrix (Thibault 2014; IBSI 9SAK): zones by level and size in voxels. */
export function sizeZoneMatrix(
  region: DiscretisedRegion,
  options: NeighbourOptions = {},
): CountMatrix {
  const { count, ranks, sizes } = zones(region, options);
  return fromPairs(ranks, sizes, count, levelGrid(region).grey);
}

export const glszm: LevelClass<NeighbourOptions> = {
  name: 'glszm',
  title: 'Grey level size zone matrix',
  needs: 'levels',
  features: glszmFeatures,
  compute(region, options = {}) {
    return aggregatedValues(glszmFeatures, region, options, (part, plain) => [
      named(countStatistics(sizeZoneMatrix(part, plain))),
    ]);
  },
};

function named(s: CountStatistics): Record<string, number> {
  return {
    SmallAreaEmphasis: s.smallEmphasis,
    LargeAreaEmphasis: s.largeEmphasis,
    GrayLevelNonUniformity: s.greyNonUniformity,
    GrayLevelNonUniformityNormalized: s.greyNonUniformityNormalised,
    SizeZoneNonUniformity: s.sizeNonUniformity,
    SizeZoneNonUniformityNormalized: s.sizeNonUniformityNormalised,
    ZonePercentage: s.percentage,
    GrayLevelVariance: s.greyVariance,
    ZoneVariance: s.sizeVariance,
    ZoneEntropy: s.entropy,
    LowGrayLevelZoneEmphasis: s.lowGreyEmphasis,
    HighGrayLevelZoneEmphasis: s.highGreyEmphasis,
    SmallAreaLowGrayLevelEmphasis: s.smallLowGrey,
    SmallAreaHighGrayLevelEmphasis: s.smallHighGrey,
    LargeAreaLowGrayLevelEmphasis: s.largeLowGrey,
    LargeAreaHighGrayLevelEmphasis: s.largeHighGrey,
  };
}
