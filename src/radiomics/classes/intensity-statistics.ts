import { distribution, percentile } from '../algorithms/distribution.ts';
import { featureValues, type IntensityClass } from '../feature-class.ts';
import { intensityStatisticsFeatures } from '../feature-names-ibsi.ts';
import { regionIntensities } from '../region-of-interest.ts';

/** IBSI's intensity-based statistics (UHIW; reference manual, 3.3) that first order, the same family, does not have. */
export const intensityStatistics: IntensityClass = {
  name: 'intensitystatistics',
  title: 'Intensity-based statistics (beyond first order)',
  needs: 'intensities',
  features: intensityStatisticsFeatures,
  compute(region, options = {}) {
    const sorted = regionIntensities(region).sort();
    const d = distribution(sorted);
    const [p25, p75] = [25, 75].map((share) => percentile(sorted, share));
    return featureValues(
      intensityStatisticsFeatures,
      {
        MedianAbsoluteDeviation: d.medianAbsoluteDeviation,
        CoefficientOfVariation: Math.sqrt(d.variance) / d.mean,
        QuartileCoefficientOfDispersion: (p75 - p25) / (p75 + p25),
      },
      options,
      'the mean, or the sum of the quartiles, is zero',
    );
  },
};
