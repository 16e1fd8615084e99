import { classNames, featureClass } from './feature-classes.ts';
import type { IbsiConfiguration } from './ibsi-configuration-names.ts';
import type { ParameterFile } from './parameter-file.ts';

type Setting = NonNullable<ParameterFile['setting']>;

/**
 * Settings of each configuration (IBSI 1 reference manual, table of configurations). All: intensities rounded to whole numbers where
 * they are interpolated, the mask interpolated linearly and cut at 0.5, distance 1, NGLDM's α 0. A and B work slice by slice: of their
 * two aggregations `2D-averaged` is set here, and `aggregation` chooses another.
 */
const settings: Readonly<Record<IbsiConfiguration, Setting>> = {
  A: { aggregation: '2D-averaged', resegmentRange: [-500, 400], binWidth: 25 },
  B: {
    aggregation: '2D-averaged',
    resampledPixelSpacing: [2, 2, 0],
    interpolator: 'sitkLinear',
    resegmentRange: [-500, 400],
    binCount: 32,
  },
  C: {
    aggregation: '3D-averaged',
    resampledPixelSpacing: [2, 2, 2],
    interpolator: 'sitkLinear',
    resegmentRange: [-1000, 400],
    binWidth: 25,
    ivhBinWidth: 2.5,
  },
  D: {
    aggregation: '3D-averaged',
    resampledPixelSpacing: [2, 2, 2],
    interpolator: 'sitkLinear',
    resegmentSigma: 3,
    binCount: 32,
  },
  E: {
    aggregation: '3D-averaged',
    resampledPixelSpacing: [2, 2, 2],
    interpolator: 'sitkBSpline',
    resegmentRange: [-1000, 400],
    resegmentSigma: 3,
    binCount: 32,
    ivhBinCount: 1000,
  },
};

/**
 * A parameter file of one of IBSI's configurations: every feature that has an IBSI code, by IBSI's formulas.
 *
 * @example
 * new RadiomicsExtractor(ibsiParameters('E'));
 */
export function ibsiParameters(configuration: IbsiConfiguration): ParameterFile {
  const coded = classNames().map((name) => {
    const features = featureClass(name).features.filter(({ ibsi }) => ibsi !== undefined);
    return [name, features.map((feature) => feature.name)] as const;
  });
  return {
    imageType: { Original: {} },
    featureClass: Object.fromEntries(
      coded.filter(([name, features]) => name !== 'shape2D' && features.length > 0),
    ) as never,
    setting: { conventions: 'ibsi', ...settings[configuration] },
  };
}
