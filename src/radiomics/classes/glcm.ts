import { aggregatedValues } from '../aggregation.ts';
import { type Angle, angles } from '../algorithms/angles.ts';
import { gridStep, type LevelGrid, levelGrid } from '../algorithms/level-grid.ts';
import { mergedMatrices } from '../algorithms/merged-matrices.ts';
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
  const cells = (levels + 1) * (levels + 1);
  const [even, odd] = [new Uint32Array(cells), new Uint32Array(cells)];
  const matrices: CoOccurrenceMatrix[] = [];
  for (const angle of angles(region.size, options)) {
    even.fill(0);
    odd.fill(0);
    countPairs(grid, gridStep(grid, angle), even, odd);
    const counts = withoutOutside(even, odd, levels, symmetricalGLCM);
    if (counts !== undefined) matrices.push({ angle, levels, counts });
  }
  return matrices;
}

/**
 * Row and column 0 take the pairs with a voxel outside the region, so that the loop has no branch. Pairs in turn go to
 * two tables: adding one to a cell that was just written waits for that write.
 */
function countPairs(
  { ranks, positions, grey }: LevelGrid,
  step: number,
  even: Uint32Array,
  odd: Uint32Array,
): void {
  const columns = grey.length;
  // An odd voxel goes first: nothing follows the loop, where V8 would leave its optimised code anew at every call.
  let at = positions.length % 2;
  if (at === 1) even[ranks[positions[0]] * columns + ranks[positions[0] + step]]++;
  for (; at < positions.length; at += 2) {
    const here = positions[at];
    even[ranks[here] * columns + ranks[here + step]]++;
    const next = positions[at + 1];
    odd[ranks[next] * columns + ranks[next + step]]++;
  }
}

/** The matrix of the levels alone, plus its transpose where asked; undefined where it counts no pair. */
function withoutOutside(
  even: Uint32Array,
  odd: Uint32Array,
  levels: number,
  symmetrical: boolean,
): Float64Array | undefined {
  const counts = new Float64Array(levels * levels);
  let some = false;
  for (let i = 0; i < levels; i++) {
    const row = (i + 1) * (levels + 1) + 1;
    for (let j = 0; j < levels; j++) {
      const n = even[row + j] + odd[row + j];
      if (n === 0) continue;
      some = true;
      counts[i * levels + j] += n;
      if (symmetrical) counts[j * levels + i] += n;
    }
  }
  return some ? counts : undefined;
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
    (length) => (norm === 'no_weighting' ? 1 : Math.exp(-length * length)),
  );
  const levels = grey.slice(1);
  const wanted = {
    levelCount: region.levelCount,
    correlation: options.enabled === undefined || options.enabled.has('MCC'),
    symmetrical: options.symmetricalGLCM ?? true,
    wanted: options.enabled,
  };
  return matrices.map(({ counts }) => coOccurrenceFeatures(counts, levels, wanted));
}
