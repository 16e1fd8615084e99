import { z } from 'zod';
import { aggregations } from './feature-class.ts';
import { filterFields } from './filter-fields.ts';
import { defaultFilterSettings } from './filter-settings.ts';

/**
 * Interpolators that nacre has, under SimpleITK's names. The window-sinc and Gaussian ones that PyRadiomics also
 * takes are refused by the parameter file's reader.
 */
export const interpolators = ['sitkNearestNeighbor', 'sitkLinear', 'sitkBSpline'] as const;
export type Interpolator = (typeof interpolators)[number];

const positive = z.number().gt(0);
const atLeast = (least: number) => z.int().min(least);

/** The fields of `setting:` in a parameter file, without defaults (an image type overrides only what it names). */
export const settingFields = z.strictObject({
  /** Formulas where PyRadiomics and IBSI part: binning origin, grid alignment, kurtosis, rounding. */
  conventions: z.enum(['pyradiomics', 'ibsi']),

  // The image, before anything else.
  /** z-score of the whole image (mean and sample sd of all its voxels) before resampling. */
  normalize: z.boolean(),
  /** Factor after normalisation. */
  normalizeScale: positive,
  /** Clip normalised intensities at this many standard deviations; null: leave them. */
  removeOutliers: positive.nullable(),
  /** Voxel spacing to resample to, mm along i, j, k; 0 keeps the mask's own; null: no resampling. */
  resampledPixelSpacing: z
    .tuple([z.number().min(0), z.number().min(0), z.number().min(0)])
    .nullable(),
  /** null: no resampling. */
  interpolator: z.enum(interpolators).nullable(),
  /** Voxels kept around the region's box when resampling or cropping before filters. */
  padDistance: atLeast(0),
  /** Crop to the region's box and `padDistance` before filters. */
  preCrop: z.boolean(),

  // The mask.
  label: atLeast(1),
  /** Only 0: masks of several channels are not read. */
  label_channel: z.literal(0, { error: '0 (nacre reads masks of one channel)' }),
  /** Largest difference of origin and spacing (in units of the image's spacing) and of direction cosines; null: 1e-4. */
  geometryTolerance: positive.nullable(),
  /** Resample a mask on another grid onto the image, nearest neighbour. */
  correctMask: z.boolean(),
  /** Directions in which the region must be longer than one voxel. */
  minimumROIDimensions: z.int().min(1).max(3),
  /** The region must have more voxels than this; null: not checked. */
  minimumROISize: atLeast(1).nullable(),
  /** One bound (from it upwards) or two (closed interval); null: no re-segmentation. */
  resegmentRange: z.array(z.number()).min(1).max(2).nullable(),
  /** Bounds as intensities, as shares of the region's maximum, or as standard deviations from its mean. */
  resegmentMode: z.enum(['absolute', 'relative', 'sigma']),
  /**
   * Leave out intensities further than so many standard deviations from the mean, both of the region within `resegmentRange`;
   * null: keep them. IBSI's configuration E takes 3 beside an absolute range.
   */
  resegmentSigma: positive.nullable(),
  /** Shape, too, from the re-segmented region. */
  resegmentShape: z.boolean(),
  /** Write the `diagnostics_*` columns. */
  additionalInfo: z.boolean(),

  // Discretisation and feature classes.
  binWidth: positive,
  /** Fixed number of bins in place of a fixed width; null: fixed width. */
  binCount: atLeast(1).nullable(),
  /** Bin width of the intensity-volume histogram (IBSI); null: each intensity is its own bin. */
  ivhBinWidth: positive.nullable(),
  /** Number of its bins in place of a width; IBSI advises 1000 where intensities are arbitrary, as in MRI. */
  ivhBinCount: atLeast(1).nullable(),
  /** Added to intensities in Energy, TotalEnergy and RootMeanSquared. */
  voxelArrayShift: z.number(),
  symmetricalGLCM: z.boolean(),
  /** Weights of directions in GLCM and GLRLM; null: mean over directions, `no_weighting`: one merged matrix. */
  weightingNorm: z.enum(['manhattan', 'euclidean', 'infinity', 'no_weighting']).nullable(),
  /**
   * IBSI's aggregation of texture matrices, which overrules `force2D` (for textures) and `weightingNorm`; null: what those say,
   * which by default is 3D-averaged, 3D-merged with `no_weighting`, and 2.5D instead of 3D with `force2D`.
   */
  aggregation: z.enum(aggregations).nullable(),
  /** Infinity-norm distances of neighbours, voxels. */
  distances: z.array(atLeast(1)).min(1),
  gldm_a: z.number().min(0),
  /** Leave out neighbours across slices. */
  force2D: z.boolean(),
  /** Axis across slices when `force2D`: 0 is k (z), 1 is j (y), 2 is i (x), in PyRadiomics' order. */
  force2Ddimension: z.int().min(0).max(2),

  // Filters.
  /**
   * Laplacian of Gaussian, mm. A text keeps its spelling in the image's name, as in PyRadiomics: 3 and 3.0 give
   * `log-sigma-3-0-mm-3D`, '3' (an integer in a parameter file) gives `log-sigma-3-mm-3D`.
   */
  sigma: z.array(z.union([positive, z.string().regex(/^[0-9]*\.?[0-9]+$/, 'a number above 0')])),
  /** Name of a discrete wavelet of PyWavelets: haar, db, sym, coif, bior, rbio, dmey. */
  wavelet: z.string(),
  level: atLeast(1),
  start_level: atLeast(0),
  gradientUseSpacing: z.boolean(),
  lbp3DLevels: atLeast(1),
  lbp3DIcosphereRadius: positive,
  /** 10 · 4ⁿ + 2 points on the sphere: 6 makes 40,962. */
  lbp3DIcosphereSubdivision: atLeast(0).max(6),
  ...filterFields,
});

/** All settings of an extraction, PyRadiomics' names. */
export type Settings = z.output<typeof settingFields>;

/** PyRadiomics' defaults. */
export const defaultSettings: Settings = {
  conventions: 'pyradiomics',
  normalize: false,
  normalizeScale: 1,
  removeOutliers: null,
  resampledPixelSpacing: null,
  interpolator: 'sitkBSpline',
  padDistance: 5,
  preCrop: false,
  label: 1,
  label_channel: 0,
  geometryTolerance: null,
  correctMask: false,
  minimumROIDimensions: 2,
  minimumROISize: null,
  resegmentRange: null,
  resegmentMode: 'absolute',
  resegmentSigma: null,
  resegmentShape: false,
  additionalInfo: true,
  binWidth: 25,
  binCount: null,
  ivhBinWidth: null,
  ivhBinCount: null,
  voxelArrayShift: 0,
  symmetricalGLCM: true,
  weightingNorm: null,
  aggregation: null,
  distances: [1],
  gldm_a: 0,
  force2D: false,
  force2Ddimension: 0,
  sigma: [],
  wavelet: 'coif1',
  level: 1,
  start_level: 0,
  gradientUseSpacing: true,
  lbp3DLevels: 2,
  lbp3DIcosphereRadius: 1,
  lbp3DIcosphereSubdivision: 1,
  ...defaultFilterSettings,
};
