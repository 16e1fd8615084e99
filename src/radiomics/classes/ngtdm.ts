import { aggregatedValues } from '../aggregation.ts';
import { angles } from '../algorithms/angles.ts';
import { gridSteps, levelGrid } from '../algorithms/level-grid.ts';
import { sumPairsOfLevels, sumToneDifferences } from '../algorithms/texture-loops.ts';
import type { LevelClass, NeighbourOptions } from '../feature-class.ts';
import { ngtdmFeatures } from '../feature-names.ts';
import type { DiscretisedRegion } from '../region-of-interest.ts';

/** A row per level that occurs. */
export interface ToneDifferenceMatrix {
  /** Grey level i. */
  readonly grey: Float64Array;
  /** n_i: voxels of the level (IBSI: those with a neighbour in the region). */
  readonly count: Float64Array;
  /** s_i: summed |i - mean level of the neighbours in the region|. */
  readonly difference: Float64Array;
}

/** Neighbourhood grey tone difference matrix (Amadasun and King 1989; IBSI IPET). */
export function toneDifferenceMatrix(
  region: DiscretisedRegion,
  options: NeighbourOptions = {},
): ToneDifferenceMatrix {
  const { distances = [1], conventions } = options;
  const grid = levelGrid(region, Math.max(...distances));
  const steps = gridSteps(grid, angles(region.size, options));
  const { counts, differences } = sumToneDifferences(grid, steps);
  const grey = grid.grey.slice(1);
  const count =
    conventions === 'ibsi'
      ? Float64Array.from(counts.subarray(1))
      : grey.map((level) => region.levelVoxels[level]);
  return { grey, count, difference: differences.slice(1) };
}

export const ngtdm: LevelClass<NeighbourOptions> = {
  name: 'ngtdm',
  title: 'Neighbourhood grey tone difference matrix',
  needs: 'levels',
  features: ngtdmFeatures,
  compute(region, options = {}) {
    return aggregatedValues(ngtdmFeatures, region, options, (part, plain) => [
      features(toneDifferenceMatrix(part, plain)),
    ]);
  },
};

function features({ grey, count, difference }: ToneDifferenceMatrix): Record<string, number> {
  let voxels = 0;
  let levels = 0;
  let differences = 0;
  let weighted = 0;
  for (let i = 0; i < count.length; i++) voxels += count[i];
  const p = count.map((n) => n / voxels);
  for (let i = 0; i < count.length; i++) {
    if (count[i] > 0) levels++;
    differences += difference[i];
    weighted += p[i] * difference[i];
  }
  const { spread, steps, complexity, strength } = sumPairsOfLevels(grey, p, difference);
  // The double sums run over ordered pairs; each pair was met once.
  const pairs = levels * (levels - 1);
  return {
    // A flat region has no difference at all; PyRadiomics gives 10^6 there.
    Coarseness: weighted === 0 ? 1e6 : 1 / weighted,
    Contrast: pairs === 0 ? 0 : (((2 * spread) / pairs) * differences) / voxels,
    Busyness: steps === 0 ? 0 : weighted / (2 * steps),
    Complexity: (2 * complexity) / voxels,
    Strength: differences === 0 ? 0 : (2 * strength) / differences,
  };
}
