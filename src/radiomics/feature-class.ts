import type { DiscretisedRegion, RegionOfInterest } from './region-of-interest.ts';

/** Whose formula is used where PyRadiomics and IBSI differ (kurtosis, axis lengths, level numbers). */
export type Conventions = 'pyradiomics' | 'ibsi';

/** How GLCM and GLRLM weigh a direction by the length of its step in mm before the matrices are merged. */
export type WeightingNorm = 'manhattan' | 'euclidean' | 'infinity' | 'no_weighting';

/**
 * How texture matrices of directions and slices become one value (IBSI 1 reference manual, 3.6). Matrices without a direction
 * (zones, neighbourhoods) know 2D, 2.5D and 3D alone. `2.5D-averaged` and `2.5D-direction-merged` are one: IBSI calls it the latter.
 */
export const aggregations = [
  '3D-averaged',
  '3D-merged',
  '2.5D-averaged',
  '2.5D-direction-merged',
  '2.5D-merged',
  '2D-averaged',
  '2D-slice-merged',
] as const;
export type Aggregation = (typeof aggregations)[number];

/** Options of every feature class. Defaults are PyRadiomics'. */
export interface FeatureOptions {
  /** Default `pyradiomics`. */
  conventions?: Conventions | undefined;
  /** Only these features; default all that are not deprecated. */
  enabled?: ReadonlySet<string> | undefined;
}

/** Which neighbours the texture matrices look at. */
export interface NeighbourOptions extends FeatureOptions {
  /** Step lengths of GLCM and neighbourhood radius of GLDM, NGTDM, NGLDM, in voxels. Default `[1]`. */
  distances?: readonly number[] | undefined;
  /** Leave out directions that cross slices. Default false. */
  force2D?: boolean | undefined;
  /** Axis normal to the slices as PyRadiomics counts: 0 is z, 1 is y, 2 is x. Default 0. */
  force2Ddimension?: number | undefined;
  /** Overrules `force2D` and `weightingNorm`. Default: what those two say. */
  aggregation?: Aggregation | undefined;
}

/** Options of the matrices that are made per direction (GLCM, GLRLM). */
export interface DirectionOptions extends NeighbourOptions {
  /** Undefined (default): features per direction, then their mean (IBSI ITBB); else one merged matrix. */
  weightingNorm?: WeightingNorm | undefined;
}

/** Where the form of the region differs from the voxels whose intensities are measured. */
export interface FormOptions {
  /** IBSI's morphological mask where re-segmentation made the intensity mask smaller: form is measured on it. */
  morphology?: RegionOfInterest | undefined;
}

export interface FeatureValue {
  /** Without image type and class: `10Percentile`. */
  name: string;
  value: number;
  /** Why the value could not be computed, where it is NaN. */
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
  /** IBSI code of the aggregation of texture matrices, where the settings were given and IBSI has a name for it. */
  readonly aggregation?: string;
  /** Computed only when asked for by name. */
  readonly deprecated?: boolean;
}

interface Description {
  /** As in column names: `glcm`. */
  readonly name: string;
  /** IBSI (or PyRadiomics) title: `Grey level co-occurrence matrix`. */
  readonly title: string;
  readonly features: readonly FeatureDefinition[];
  /**
   * Further input of the class, passed as an option: `form`, the morphological mask (`FormOptions`); `surroundings`, the
   * image around the region.
   */
  readonly also?: 'form' | 'surroundings';
  /** Measured once, on the original image: IBSI 2 does not define it on response maps. Always so for `form`. */
  readonly once?: true;
}

/** A class of the form alone: the mask counts, intensities do not. */
export interface FormClass<Options extends FeatureOptions = FeatureOptions> extends Description {
  readonly needs: 'form';
  readonly once: true;
  compute(form: RegionOfInterest, options?: Options): FeatureValue[];
}

/** A class of intensities as they are. */
export interface IntensityClass<Options extends FeatureOptions = FeatureOptions>
  extends Description {
  readonly needs: 'intensities';
  compute(region: RegionOfInterest, options?: Options): FeatureValue[];
}

/** A class of grey levels. */
export interface LevelClass<Options extends FeatureOptions = FeatureOptions> extends Description {
  readonly needs: 'levels';
  compute(region: DiscretisedRegion, options?: Options): FeatureValue[];
}

/** One family of features; `needs` names its input. */
export type FeatureClass<Options extends FeatureOptions = FeatureOptions> =
  | FormClass<Options>
  | IntensityClass<Options>
  | LevelClass<Options>;

const enabledFeatures = new WeakMap<
  readonly FeatureDefinition[],
  WeakMap<ReadonlySet<string>, readonly FeatureDefinition[]>
>();

/** The features of a class that are asked for, in the order of its definitions. */
export function enabledOf(
  features: readonly FeatureDefinition[],
  { enabled }: FeatureOptions,
): readonly FeatureDefinition[] {
  if (enabled === undefined) return features;
  // Kernels of voxel maps ask thousands of times a second.
  let known = enabledFeatures.get(features);
  if (known === undefined) {
    known = new WeakMap();
    enabledFeatures.set(features, known);
  }
  let some = known.get(enabled);
  if (some === undefined) {
    some = features.filter(({ name }) => enabled.has(name));
    known.set(enabled, some);
  }
  return some;
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
  for (const { name, deprecated } of enabledOf(features, { enabled })) {
    if (enabled === undefined && deprecated === true) continue;
    const value = values[name];
    if (value === undefined) throw new Error(`feature ${name} has a definition and no value`);
    named.push(Number.isFinite(value) ? { name, value } : { name, value: Number.NaN, reason });
  }
  return named;
}
