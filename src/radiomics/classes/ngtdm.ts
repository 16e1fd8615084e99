import { aggregatedValues } from '../aggregation.ts';
import { angles } from '../algorithms/angles.ts';
import { gridSteps, levelGrid } from '../algorithms/level-grid.ts';
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
  const { ranks, positions, grey } = grid;
  const steps = gridSteps(grid, angles(region.size, options));
  // Whole numbers add up exactly and faster.
  const level = Int32Array.from(grey);
  const count = new Float64Array(grey.length - 1);
  const difference = new Float64Array(grey.length - 1);
  for (let at = 0; at < positions.length; at++) {
    const here = positions[at];
    const rank = ranks[here];
    let sum = 0;
    let outside = 0;
    for (let s = 0; s < steps.length; s++) {
      const ahead = ranks[here + steps[s]];
      const behind = ranks[here - steps[s]];
      // Rank 0 has level 0: no branch is needed.
      sum += level[ahead] + level[behind];
      outside += ((ahead - 1) >>> 31) + ((behind - 1) >>> 31);
    }
    const known = 2 * steps.length - outside;
    if (known > 0) difference[rank - 1] += Math.abs(grey[rank] - sum / known);
    if (known > 0 || conventions !== 'ibsi') count[rank - 1]++;
  }
  return { grey: grey.slice(1), count, difference };
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
  let [spread, steps, complexity, strength] = [0, 0, 0, 0];
  for (let i = 0; i < p.length; i++) {
    if (p[i] === 0) continue;
    for (let j = 0; j < i; j++) {
      if (p[j] === 0) continue;
      const apart = Math.abs(grey[i] - grey[j]);
      const both = p[i] + p[j];
      spread += p[i] * p[j] * apart * apart;
      steps += Math.abs(p[i] * grey[i] - p[j] * grey[j]);
      complexity += (apart * (p[i] * difference[i] + p[j] * difference[j])) / both;
      strength += both * apart * apart;
    }
  }
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
