import { featureValues, type IntensityClass } from '../../src/radiomics/feature-class.ts';
import { definitions } from '../../src/radiomics/feature-names.ts';

/** Name | IBSI code (- where IBSI has none) | IBSI's name | formula in LaTeX. X are the intensities, N the voxels. */
export const brightnessFeatures = definitions(String.raw`
BrightShare|-||\tfrac{1}{N} \lvert \{ i : X_i > \tfrac{1}{2} (\min X + \max X) \} \rvert
`);

/** How much of the region is bright: its share of voxels above the middle of the region's intensities, in [0, 1]. */
export const brightness: IntensityClass = {
  name: 'brightness',
  title: 'Brightness',
  needs: 'intensities',
  features: brightnessFeatures,
  compute(region, options = {}) {
    const { intensity, mask, voxels } = region;
    let low = Number.POSITIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    for (let i = 0; i < mask.length; i++) {
      if (mask[i] === 0) continue;
      if (intensity[i] < low) low = intensity[i];
      if (intensity[i] > high) high = intensity[i];
    }
    const middle = (low + high) / 2;
    let bright = 0;
    for (let i = 0; i < mask.length; i++) if (mask[i] === 1 && intensity[i] > middle) bright++;
    return featureValues(brightnessFeatures, { BrightShare: bright / voxels }, options);
  },
};
