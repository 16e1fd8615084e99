import { RadiomicsExtractor } from '../../src/radiomics/extractor.ts';
import type { ParameterFile } from '../../src/radiomics/parameter-file.ts';
import type { ParityReport, ParityRow } from './parity-row.ts';
import { readCase, readReference } from './reference/pyradiomics.ts';
import { pyRadiomicsRows } from './reference/pyradiomics-rows.ts';

const suite = { suite: 'pyradiomics computed', tolerance: 1e-4, toleranceText: '1e-4 relative' };

const filters = {
  Original: {},
  Wavelet: {},
  LoG: { sigma: [1, 2, 3, 5] },
  Square: {},
  SquareRoot: {},
  Logarithm: {},
  Exponential: {},
  Gradient: {},
};

/** The configurations of ../shared/reference/pyradiomics/computed, as its README states them. */
export const configurations: Readonly<Record<string, ParameterFile>> = {
  filters_default: { imageType: filters, setting: { binWidth: 25 } },
  filters_binCount32: { imageType: filters, setting: { binCount: 32 } },
  filters_normalized_scale100_bw5: {
    imageType: filters,
    setting: { normalize: true, normalizeScale: 100, binWidth: 5 },
  },
  resample_1mm_bspline: {
    imageType: { Original: {}, LoG: { sigma: [2] }, Wavelet: {} },
    setting: { resampledPixelSpacing: [1, 1, 1] },
  },
  resample_1mm_linear: {
    setting: { resampledPixelSpacing: [1, 1, 1], interpolator: 'sitkLinear' },
  },
  resample_1mm_nearest: {
    setting: { resampledPixelSpacing: [1, 1, 1], interpolator: 'sitkNearestNeighbor' },
  },
  resample_inplane_1mm_force2D: {
    setting: { resampledPixelSpacing: [1, 1, 0], force2D: true },
  },
  weighting_euclidean: { setting: { weightingNorm: 'euclidean' } },
  distances_1_2: { setting: { distances: [1, 2] } },
  glcm_asymmetric: { setting: { symmetricalGLCM: false } },
  gldm_a1: { setting: { gldm_a: 1 } },
  'resegment_relative_0.7_1.0': {
    setting: { resegmentRange: [0.7, 1], resegmentMode: 'relative' },
  },
  preCrop_filters: {
    imageType: { Original: {}, LoG: { sigma: [2] }, Wavelet: {} },
    setting: { preCrop: true, padDistance: 10 },
  },
};

/**
 * All features of brain1 and breast1 in 13 configurations, computed with PyRadiomics' current code: at least 99%
 * within 1e-4 relative, each of the others with its reason.
 */
export default async function compare(): Promise<ParityReport> {
  const rows: ParityRow[] = [];
  for (const name of ['brain1', 'breast1']) {
    const { image, mask } = await readCase(name);
    for (const column of readReference('computed', `${name}_computed.csv`)) {
      const settings = configurations[column.name];
      if (settings === undefined) throw new Error(`no settings for the column ${column.name}`);
      const ours = new RadiomicsExtractor(settings).execute(image, mask);
      rows.push(...pyRadiomicsRows(suite, `${name} ${column.name}`, ours, column.values));
    }
  }
  return { rows, required: 0.99 };
}
