import { distribution, percentile } from '../algorithms/distribution.ts';
import { featureValues, type LevelClass } from '../feature-class.ts';
import { intensityHistogramFeatures } from '../feature-names-ibsi.ts';
import type { DiscretisedRegion } from '../region-of-interest.ts';

/** Statistics of grey levels (IBSI ZVCW); entropy and uniformity of the histogram are first order features. */
export const intensityHistogram: LevelClass = {
  name: 'intensityhistogram',
  title: 'Intensity histogram',
  needs: 'levels',
  features: intensityHistogramFeatures,
  compute(region, options = {}) {
    const sorted = Float64Array.from(region.levels.filter((level) => level > 0)).sort();
    const d = distribution(sorted);
    const [p10, p25, median, p75, p90] = [10, 25, 50, 75, 90].map((p) => percentile(sorted, p));
    return featureValues(
      intensityHistogramFeatures,
      {
        Mean: d.mean,
        Variance: d.variance,
        Skewness: d.skewness,
        Kurtosis: d.excessKurtosis,
        Median: median,
        Minimum: d.minimum,
        '10Percentile': p10,
        '90Percentile': p90,
        Maximum: d.maximum,
        Mode: mode(region.levelVoxels, d.mean),
        InterquartileRange: p75 - p25,
        Range: d.maximum - d.minimum,
        MeanAbsoluteDeviation: d.meanAbsoluteDeviation,
        RobustMeanAbsoluteDeviation: d.robustMeanAbsoluteDeviation,
        MedianAbsoluteDeviation: d.medianAbsoluteDeviation,
        CoefficientOfVariation: Math.sqrt(d.variance) / d.mean,
        QuartileCoefficientOfDispersion: (p75 - p25) / (p75 + p25),
        ...gradients(region),
      },
      options,
    );
  },
};

/** The most frequent level; of several, the one nearest the mean, and of two as near the lower (IBSI AMMC). */
function mode(levelVoxels: Float64Array, mean: number): number {
  let best = 1;
  for (let level = 2; level < levelVoxels.length; level++) {
    const more = levelVoxels[level] - levelVoxels[best];
    if (more > 0 || (more === 0 && Math.abs(level - mean) < Math.abs(best - mean))) best = level;
  }
  return best;
}

/** Extremes of the histogram's slope: central differences, one-sided at its ends; NaN where it has one bin. */
function gradients({ levelVoxels, levelCount }: DiscretisedRegion): Record<string, number> {
  let [most, mostAt, least, leastAt] = [-Infinity, NaN, Infinity, NaN];
  for (let level = 1; levelCount > 1 && level <= levelCount; level++) {
    const [below, above] = [Math.max(1, level - 1), Math.min(levelCount, level + 1)];
    const slope = (levelVoxels[above] - levelVoxels[below]) / (above - below);
    if (slope > most) [most, mostAt] = [slope, level];
    if (slope < least) [least, leastAt] = [slope, level];
  }
  return {
    MaximumGradient: most,
    MaximumGradientLevel: mostAt,
    MinimumGradient: least,
    MinimumGradientLevel: leastAt,
  };
}
