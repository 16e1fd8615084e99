import type { DiscretisedRegion, RegionOfInterest } from './region-of-interest.ts';

/** Whose formula where PyRadiomics and IBSI part (kurtosis, axis lengths, level numbers). */
export type Conventions = 'pyradiomics' | 'ibsi';

/** How GLCM and GLRLM weigh a direction by the length of its step in mm before the matrices are merged. */
export type WeightingNorm = 'manhattan' | 'euclidean' | 'infinity' | 'no_weighting';

/** What feature classes can be asked; every field has the default PyRadiomics gives it. */
export interface FeatureOptions {
  /** Default `pyradiomics`. */
  conventions?: Conventions | undefined;
  /** Step lengths of GLCM and neighbourhood radius of GLDM, NGTDM, NGLDM, in voxels. Default `[1]`. */
  distances?: readonly number[] | undefined;
  /** Undefined (default): a feature a direction, then the mean (IBSI ITBB); else one merged matrix. */
  weightingNorm?: WeightingNorm | undefined;
  /** Count each pair in both orders. Default true. */
  symmetricalGLCM?: boolean | undefined;
  /** GLDM (and NGLDM) cutoff: levels that differ by at most this are dependent. Default 0. */
  gldm_a?: number | undefined;
  /** Leave out directions that cross slices. Default false. */
  force2D?: boolean | undefined;
  /** Axis normal to the slices as PyRadiomics counts: 0 is z, 1 is y, 2 is x. Default 0. */
  force2Ddimension?: number | undefined;
  /** Added to intensities in Energy, TotalEnergy and RootMeanSquared. Default 0. */
  voxelArrayShift?: number | undefined;
  /** Only these features; default all that are not deprecated. */
  enabled?: ReadonlySet<string> | undefined;
  /** IBSI's morphological mask where re-segmentation made the intensity mask smaller: shape is measured on it. */
  morphology?: RegionOfInterest | undefined;
  /** The image in a box around the region, on its grid: IBSI's local intensity looks beyond the region's own box. */
  surroundings?: Omit<RegionOfInterest, 'mask' | 'voxels'> | undefined;
  /** Bin width of the intensity-volume histogram; undefined: each intensity is its own bin. */
  ivhBinWidth?: number | undefined;
  /** Number of bins of the intensity-volume histogram in place of a width: IBSI's advice (1000) for arbitrary units. */
  ivhBinCount?: number | undefined;
  /**
   * Range of the intensity-volume histogram (its re-segmentation range); an upper end of Infinity is the region's
   * maximum. Default the region's own range.
   */
  ivhRange?: readonly [number, number] | undefined;
}

export interface FeatureValue {
  /** Without image type and class: `10Percentile`. */
  name: string;
  value: number;
  /** Why the value could not be had, where it is NaN. */
  reason?: string;
}

export interface FeatureDefinition {
  /** PyRadiomics' name; for features it lacks, the IBSI name written its way. */
  readonly name: string;
  /** Four-letter IBSI code, where IBSI knows the feature. */
  readonly ibsi?: string;
  /** IBSI's own name. */
  readonly ibsiName?: string;
  /** LaTeX. */
  readonly formula: string;
  /** Computed only when asked for by name. */
  readonly deprecated?: boolean;
}

/** One family of features. `needs` tells which input `compute` takes. */
export interface FeatureClass<Region extends RegionOfInterest = DiscretisedRegion> {
  /** As in column names: `glcm`. */
  readonly name: string;
  /** IBSI (or PyRadiomics) title: `Grey level co-occurrence matrix`. */
  readonly title: string;
  readonly needs: 'region' | 'levels';
  readonly features: readonly FeatureDefinition[];
  compute(region: Region, options?: FeatureOptions): FeatureValue[];
}

/**
 * Names the values of a class in the order of its definitions.
 *
 * @param reason given to every NaN
 */
export function featureValues(
  features: readonly FeatureDefinition[],
  values: Readonly<Record<string, number>>,
  { enabled }: FeatureOptions = {},
  reason = 'not defined for this region',
): FeatureValue[] {
  const named: FeatureValue[] = [];
  for (const { name, deprecated } of features) {
    if (enabled === undefined ? deprecated === true : !enabled.has(name)) continue;
    const value = values[name];
    if (value === undefined) throw new Error(`feature ${name} has a definition and no value`);
    named.push(Number.isFinite(value) ? { name, value } : { name, value: Number.NaN, reason });
  }
  return named;
}
