import { meanOfRows } from './algorithms/mean-of-rows.ts';
import { regionCutter } from './cut-region.ts';
import {
  type Aggregation,
  enabledOf,
  type FeatureDefinition,
  type FeatureValue,
  featureValues,
  type NeighbourOptions,
  type WeightingNorm,
} from './feature-class.ts';
import type { DiscretisedRegion } from './region-of-interest.ts';

/** IBSI's codes: of matrices per direction (GLCM, GLRLM), and of all others. */
export const aggregationCodes: Readonly<
  Record<Aggregation, { readonly directions: string; readonly others: string }>
> = {
  '3D-averaged': { directions: 'ITBB', others: 'KOBO' },
  '3D-merged': { directions: 'IAZD', others: 'KOBO' },
  '2.5D-averaged': { directions: 'JJUI', others: '62GR' },
  '2.5D-direction-merged': { directions: 'JJUI', others: '62GR' },
  '2.5D-merged': { directions: 'ZW7Z', others: '62GR' },
  '2D-averaged': { directions: 'BTW3', others: '8QNN' },
  '2D-slice-merged': { directions: 'SUJT', others: '8QNN' },
};

/** Classes of one matrix per direction. */
export const directionClasses: readonly string[] = ['glcm', 'glrlm'];
/** All classes that aggregate. */
export const textureClasses: readonly string[] = [
  ...directionClasses,
  'glszm',
  'gldm',
  'ngtdm',
  'gldzm',
  'ngldm',
];

/**
 * The aggregation of settings in IBSI's words: `aggregation` where it is set, else what PyRadiomics' `force2D` and
 * `weightingNorm` come to. Undefined for weights by distance, which IBSI does not name.
 */
export function aggregationOf({
  aggregation = null,
  force2D = false,
  weightingNorm = null,
}: {
  aggregation?: Aggregation | null | undefined;
  force2D?: boolean | undefined;
  weightingNorm?: WeightingNorm | null | undefined;
}): Aggregation | undefined {
  if (aggregation !== null) return aggregation;
  if (weightingNorm !== null && weightingNorm !== 'no_weighting') return undefined;
  const merged = weightingNorm !== null;
  if (force2D) return merged ? '2.5D-merged' : '2.5D-averaged';
  return merged ? '3D-merged' : '3D-averaged';
}

export interface AggregationOptions extends NeighbourOptions {
  weightingNorm?: WeightingNorm | undefined;
}

/**
 * Values of a texture class: each feature is its mean over the matrices that are averaged over.
 *
 * @param rowsOf features of each matrix of a region as `force2D` and `weightingNorm` have it
 * @param reason given to every NaN
 */
export function aggregatedValues<Options extends AggregationOptions>(
  features: readonly FeatureDefinition[],
  region: DiscretisedRegion,
  options: Options,
  rowsOf: (region: DiscretisedRegion, options: Options) => Record<string, number>[],
  reason?: string,
): FeatureValue[] {
  const rows = aggregatedRows(region, options, rowsOf);
  return featureValues(features, meanOfRows(enabledOf(features, options), rows), options, reason);
}

/** Features of each matrix that is averaged over. */
function aggregatedRows<Options extends AggregationOptions>(
  region: DiscretisedRegion,
  options: Options,
  rowsOf: (region: DiscretisedRegion, options: Options) => Record<string, number>[],
): Record<string, number>[] {
  const { aggregation, force2Ddimension = 0 } = options;
  if (aggregation === undefined) return rowsOf(region, options);
  const plain: Options = {
    ...options,
    aggregation: undefined,
    force2D: !aggregation.startsWith('3D'),
    weightingNorm: isMerged(aggregation) ? 'no_weighting' : undefined,
  };
  if (!aggregation.startsWith('2D')) return rowsOf(region, plain);
  return slicesOf(region, 2 - force2Ddimension).flatMap((slice) => rowsOf(slice, plain));
}

/** Directions share a matrix. (In 2.5D direction-merged it is the slices that share one.) */
function isMerged(aggregation: Aggregation): boolean {
  return ['3D-merged', '2.5D-merged', '2D-slice-merged'].includes(aggregation);
}

/** The region slice by slice across an axis, those without a voxel left out. Levels keep their numbers. */
export function slicesOf(region: DiscretisedRegion, across: number): DiscretisedRegion[] {
  const cut = regionCutter(region);
  const { size } = region;
  const found: DiscretisedRegion[] = [];
  for (let at = 0; at < size[across]; at++) {
    const low = (axis: number) => (axis === across ? at : 0);
    const high = (axis: number) => (axis === across ? at : size[axis] - 1);
    const slice = cut([low(0), low(1), low(2), high(0), high(1), high(2)]);
    if (slice.voxels > 0) found.push(slice);
  }
  return found;
}
