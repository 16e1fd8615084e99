import { voxelVolume } from '../../imaging/volume.ts';
import { log2 } from '../../runtime/elementary.ts';
import { distribution, percentile } from '../algorithms/distribution.ts';
import { epsilon } from '../algorithms/epsilon.ts';
import { sortedIntensities } from '../algorithms/sorted-intensities.ts';
import { type FeatureOptions, featureValues, type LevelClass } from '../feature-class.ts';
import { firstOrderFeatures } from '../feature-names.ts';

export interface FirstOrderOptions extends FeatureOptions {
  /** Added to intensities in Energy, TotalEnergy and RootMeanSquared. Default 0. */
  voxelArrayShift?: number | undefined;
}

/** Statistics of the region's intensities; entropy and uniformity of their discretised histogram. */
export const firstOrder: LevelClass<FirstOrderOptions> = {
  name: 'firstorder',
  title: 'First order statistics',
  needs: 'levels',
  features: firstOrderFeatures,
  compute(region, options = {}) {
    const shift = options.voxelArrayShift ?? 0;
    const sorted = sortedIntensities(region);
    const d = distribution(sorted, shift);
    const energy = d.squares;
    let entropy = 0;
    let uniformity = 0;
    for (let level = 1; level < region.levelVoxels.length; level++) {
      const p = region.levelVoxels[level] / region.voxels;
      if (p === 0) continue;
      entropy -= p * log2(p + epsilon);
      uniformity += p * p;
    }
    const ibsi = options.conventions === 'ibsi';
    return featureValues(
      firstOrderFeatures,
      {
        Energy: energy,
        TotalEnergy: energy * voxelVolume(region),
        Entropy: entropy,
        Minimum: d.minimum,
        '10Percentile': percentile(sorted, 10),
        '90Percentile': percentile(sorted, 90),
        Maximum: d.maximum,
        Mean: d.mean,
        Median: percentile(sorted, 50),
        InterquartileRange: percentile(sorted, 75) - percentile(sorted, 25),
        Range: d.maximum - d.minimum,
        MeanAbsoluteDeviation: d.meanAbsoluteDeviation,
        RobustMeanAbsoluteDeviation: d.robustMeanAbsoluteDeviation,
        RootMeanSquared: Math.sqrt(energy / sorted.length),
        StandardDeviation: Math.sqrt(d.variance),
        Skewness: d.skewness,
        // PyRadiomics does not subtract the 3 of a normal distribution; IBSI's is the excess, 0 where flat.
        Kurtosis: ibsi ? d.excessKurtosis : d.variance === 0 ? 0 : d.excessKurtosis + 3,
        Variance: d.variance,
        Uniformity: uniformity,
      },
      options,
    );
  },
};
