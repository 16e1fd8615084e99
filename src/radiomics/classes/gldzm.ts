import { aggregatedValues } from '../aggregation.ts';
import {
  type CountMatrix,
  type CountStatistics,
  countStatistics,
  fromPairs,
} from '../algorithms/count-matrix.ts';
import { gridVoxel, levelGrid } from '../algorithms/level-grid.ts';
import type { FormOptions, LevelClass, NeighbourOptions } from '../feature-class.ts';
import { gldzmFeatures } from '../feature-names-ibsi.ts';
import {
  type DiscretisedRegion,
  type RegionOfInterest,
  stepsInside,
} from '../region-of-interest.ts';
import { zones } from './glszm.ts';

export interface GldzmOptions extends NeighbourOptions, FormOptions {}

/**
 * Steps over faces from each voxel to the nearest one outside the mask (1 on the border; what lies beyond the box is
 * outside). Two sweeps are exact for this city-block distance (Rosenfeld and Pfaltz 1966).
 */
function borderDistances(
  { size, mask }: RegionOfInterest,
  { force2D = false, force2Ddimension = 0 }: NeighbourOptions,
): Int32Array {
  const strides = [1, size[0], size[0] * size[1]];
  const distance = Int32Array.from(mask, (inside) => (inside === 0 ? 0 : mask.length));
  for (const direction of [-1, 1]) {
    for (let n = 0; n < mask.length; n++) {
      const at = direction === -1 ? n : mask.length - 1 - n;
      for (let axis = 0; axis < 3 && distance[at] > 1; axis++) {
        if (force2D && axis === 2 - force2Ddimension) continue;
        const index = Math.floor(at / strides[axis]) % size[axis];
        const edge = direction === -1 ? index === 0 : index === size[axis] - 1;
        const nearest = edge ? 0 : distance[at + direction * strides[axis]];
        if (nearest + 1 < distance[at]) distance[at] = nearest + 1;
      }
    }
  }
  return distance;
}

/**
 * Grey level distance zone matrix (Thibault 2014; IBSI VMDZ): zones by level and least distance from the border, which
 * is that of the morphological mask (`options.morphology`), holes of re-segmentation being none.
 */
export function distanceZoneMatrix(
  region: DiscretisedRegion,
  options: GldzmOptions = {},
): CountMatrix {
  const { morphology = region } = options;
  return matrixFrom(region, options, morphology, borderDistances(morphology, options));
}

function matrixFrom(
  region: DiscretisedRegion,
  options: GldzmOptions,
  morphology: RegionOfInterest,
  distance: Int32Array,
): CountMatrix {
  const [i0, j0, k0] = stepsInside(morphology, region).map((n) => n - levelGrid(region).border);
  let zoneOf = new Int32Array();
  const { count, ranks } = zones(region, options, (placed) => {
    zoneOf = placed.slice();
  });
  const grid = levelGrid(region);
  const [nx, ny] = morphology.size;
  const nearest = new Int32Array(count).fill(distance.length);
  for (let at = grid.first; at < grid.end; at++) {
    const zone = zoneOf[at] - 1;
    if (zone < 0) continue;
    const [i, j, k] = gridVoxel(grid, at);
    const index = i + i0 + nx * (j + j0 + ny * (k + k0));
    if (distance[index] < nearest[zone]) nearest[zone] = distance[index];
  }
  return fromPairs(ranks, nearest, count, grid.grey);
}

export const gldzm: LevelClass<GldzmOptions> = {
  name: 'gldzm',
  title: 'Grey level distance zone matrix',
  needs: 'levels',
  also: 'form',
  features: gldzmFeatures,
  compute(region, options = {}) {
    const { morphology = region } = options;
    let distance: Int32Array | undefined;
    return aggregatedValues(gldzmFeatures, region, options, (part, plain) => {
      // Distances in the plane are those of each slice, so that all slices share one sweep.
      distance ??= borderDistances(morphology, plain);
      const s = countStatistics(matrixFrom(part, plain, morphology, distance));
      return [named(s, part.voxels)];
    });
  },
};

function named(s: CountStatistics, voxels: number): Record<string, number> {
  return {
    SmallDistanceEmphasis: s.smallEmphasis,
    LargeDistanceEmphasis: s.largeEmphasis,
    LowGrayLevelZoneEmphasis: s.lowGreyEmphasis,
    HighGrayLevelZoneEmphasis: s.highGreyEmphasis,
    SmallDistanceLowGrayLevelEmphasis: s.smallLowGrey,
    SmallDistanceHighGrayLevelEmphasis: s.smallHighGrey,
    LargeDistanceLowGrayLevelEmphasis: s.largeLowGrey,
    LargeDistanceHighGrayLevelEmphasis: s.largeHighGrey,
    GrayLevelNonUniformity: s.greyNonUniformity,
    GrayLevelNonUniformityNormalized: s.greyNonUniformityNormalised,
    ZoneDistanceNonUniformity: s.sizeNonUniformity,
    ZoneDistanceNonUniformityNormalized: s.sizeNonUniformityNormalised,
    ZonePercentage: s.total / voxels,
    GrayLevelVariance: s.greyVariance,
    ZoneDistanceVariance: s.sizeVariance,
    ZoneDistanceEntropy: s.entropy,
  };
}
