import { exp } from '../../runtime/elementary.ts';
import { aggregatedValues } from '../aggregation.ts';
import { type Angle, angles } from '../algorithms/angles.ts';
import { gridSteps, levelGrid } from '../algorithms/level-grid.ts';
import { mergedMatrices } from '../algorithms/merged-matrices.ts';
import { countPairs } from '../algorithms/texture-loops.ts';
import type { DirectionOptions, LevelClass } from '../feature-class.ts';
import { glcmFeatures } from '../feature-names.ts';
import type { DiscretisedRegion } from '../region-of-interest.ts';
import { coOccurrenceFeatures } from './glcm-features.ts';

export interface GlcmOptions extends DirectionOptions {
  /** Count each pair in both orders. Default true. */
  symmetricalGLCM?: boolean | undefined;
}

/** Pairs of levels along one direction: `counts[(rank of i - 1) * levels + rank of j - 1]`, not normalised. */
export interface CoOccurrenceMatrix {
  readonly angle: Angle;
  /** Number of levels present. */
  readonly levels: number;
  readonly counts: Float64Array;
}

/** Grey level co-occurrence matrices (Haralick 1973; IBSI LFYI), one per direction; those without a pair are left out. */
export function coOccurrenceMatrices(
  region: DiscretisedRegion,
  options: GlcmOptions = {},
): CoOccurrenceMatrix[] {
  const { distances = [1], symmetricalGLCM = true } = options;
  const grid = levelGrid(region, Math.max(...distances));
  const levels = grid.grey.length - 1;
  const directions = angles(region.size, options);
  const matrices: CoOccurrenceMatrix[] = [];
  countPairs(grid, gridSteps(grid, directions), symmetricalGLCM, (direction, counts) => {
    matrices.push({ angle: directions[direction], levels, counts });
  });
  return matrices;
}

export const glcm: LevelClass<GlcmOptions> = {
  name: 'glcm',
  title: 'Grey level co-occurrence matrix',
  needs: 'levels',
  features: glcmFeatures,
  compute(region, options = {}) {
    return aggregatedValues(
      glcmFeatures,
      region,
      options,
      rowsOf,
      'no two voxels of the region lie at the distance asked for',
    );
  },
};

function rowsOf(region: DiscretisedRegion, options: GlcmOptions): Record<string, number>[] {
  const { grey } = levelGrid(region, Math.max(...(options.distances ?? [1])));
  const norm = options.weightingNorm;
  // exp(-d²) of the step's length d in mm; 1 without weighting.
  const matrices = mergedMatrices(
    coOccurrenceMatrices(region, options),
    region.spacing,
    norm,
    (length) => (norm === 'no_weighting' ? 1 : exp(-length * length)),
  );
  const levels = grey.slice(1);
  const wanted = {
    levelCount: region.levelCount,
    correlation: options.enabled === undefined || options.enabled.has('MCC'),
    symmetrical: options.symmetricalGLCM ?? true,
  };
  return matrices.map(({ counts }) => coOccurrenceFeatures(counts, levels, wanted));
}
