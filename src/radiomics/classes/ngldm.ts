import { countStatistics } from '../algorithms/count-matrix.ts';
import { featureValues, type LevelClass } from '../feature-class.ts';
import { ngldmFeatures } from '../feature-names-ibsi.ts';
import { dependenceMatrix, type GldmOptions } from './gldm.ts';

/** IBSI's neighbouring grey level dependence features (REK0) that GLDM, the same matrix, does not have. */
export const ngldm: LevelClass<GldmOptions> = {
  name: 'ngldm',
  title: 'Neighbouring grey level dependence matrix (beyond GLDM)',
  needs: 'levels',
  features: ngldmFeatures,
  compute(region, options = {}) {
    const s = countStatistics(dependenceMatrix(region, options));
    return featureValues(
      ngldmFeatures,
      {
        GrayLevelNonUniformityNormalized: s.greyNonUniformityNormalised,
        DependencePercentage: s.total / region.voxels,
        DependenceEnergy: s.energy,
      },
      options,
    );
  },
};
