import { aggregatedValues } from '../aggregation.ts';
import { angles } from '../algorithms/angles.ts';
import {
  type CountMatrix,
  type CountStatistics,
  countStatistics,
  fromPairs,
} from '../algorithms/count-matrix.ts';
import { gridSteps, levelGrid } from '../algorithms/level-grid.ts';
import type { LevelClass, NeighbourOptions } from '../feature-class.ts';
import { glszmFeatures } from '../feature-names.ts';
import type { DiscretisedRegion } from '../region-of-interest.ts';

/** Zones: connected voxels (26 neighbours, 8 in 2D) of one level. */
export interface Zones {
  /** Number of zones. */
  readonly count: number;
  /** Rank of each zone's level (see LevelGrid) and its size in voxels; the first `count` entries. */
  readonly ranks: Int32Array;
  readonly sizes: Int32Array;
  /** Voxel positions in the grid, zone after zone. */
  readonly members: Int32Array;
}

/** Finds zones by flooding from each voxel not yet taken. */
export function zones(region: DiscretisedRegion, options: NeighbourOptions = {}): Zones {
  const grid = levelGrid(region);
  const { positions } = grid;
  const steps = gridSteps(grid, angles(region.size, { ...options, distances: [1] }));
  const left = grid.ranks.slice();
  const members = new Int32Array(positions.length);
  const ranks = new Int32Array(positions.length);
  const sizes = new Int32Array(positions.length);
  let count = 0;
  let taken = 0;
  for (let at = 0; at < positions.length; at++) {
    const seed = positions[at];
    const rank = left[seed];
    if (rank === 0) continue;
    const first = taken;
    left[seed] = 0;
    members[taken++] = seed;
    // `members` is the queue too: what lies behind `next` is done, what lies before `taken` is found.
    for (let next = first; next < taken; next++) {
      const here = members[next];
      for (let s = 0; s < steps.length; s++) {
        const ahead = here + steps[s];
        if (left[ahead] === rank) {
          left[ahead] = 0;
          members[taken++] = ahead;
        }
        const behind = here - steps[s];
        if (left[behind] === rank) {
          left[behind] = 0;
          members[taken++] = behind;
        }
      }
    }
    ranks[count] = rank;
    sizes[count++] = taken - first;
  }
  return { count, ranks, sizes, members };
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
