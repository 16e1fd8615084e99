import { aggregatedValues } from '../aggregation.ts';
import { countStatistics } from '../algorithms/count-matrix.ts';
import type { LevelClass } from '../feature-class.ts';
import { ngldmFeatures } from '../feature-names-ibsi.ts';
import { dependenceMatrix, type GldmOptions } from './gldm.ts';

/** IBSI's neighbouring grey level dependence features (REK0) that GLDM, the same matrix, does not have. */
export const ngldm: LevelClass<GldmOptions> = {
  name: 'ngldm',
  title: 'Neighbouring grey level dependence matrix (beyond GLDM)',
  needs: 'levels',
  features: ngldmFeatures,
  compute(region, options = {}) {
    return aggregatedValues(ngldmFeatures, region, options, (part, plain) => {
      const s = countStatistics(dependenceMatrix(part, plain));
      return [
        {
          GrayLevelNonUniformityNormalized: s.greyNonUniformityNormalised,
          DependencePercentage: s.total / part.voxels,
          DependenceEnergy: s.energy,
        },
      ];
    });
  },
};
