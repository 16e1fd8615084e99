import { normal975 } from './normal-distribution.ts';

/** Bounds of a share; both in [0, 1]. */
export interface ShareBounds {
  low: number;
  high: number;
}

/**
 * Interval of a share on the logit scale by the delta method: logit(x) ± q · SE / (x (1 − x)), mapped back. It never leaves
 * (0, 1), and near an end it is longer towards the middle, as the sampling distribution is.
 *
 * @param share in (0, 1)
 * @param error standard error of the share, above 0
 * @param quantile of the distribution of the standardised error: 1.96 for the normal
 */
export function logitInterval(
  share: number,
  error: number,
  quantile: number = normal975,
): ShareBounds {
  const half = (quantile * error) / (share * (1 - share));
  // By the odds: 1 / (1 + (1 − x)/x · e^±half), without a logarithm.
  const against = (1 - share) / share;
  return {
    low: 1 / (1 + against * Math.exp(half)),
    high: 1 / (1 + against * Math.exp(-half)),
  };
}

/**
 * Wilson's score interval of a share observed on `count` cases: the fallback where a standard error is 0 or a share is 0 or 1,
 * since it needs neither.
 *
 * @param share in [0, 1]
 * @param count number of cases, above 0; need not be a whole number
 *
 * Reference: Wilson 1927, J Am Stat Assoc 22:209, doi:10.1080/01621459.1927.10502953.
 */
export function wilsonInterval(
  share: number,
  count: number,
  quantile: number = normal975,
): ShareBounds {
  const z2 = quantile * quantile;
  const centre = (share + z2 / (2 * count)) / (1 + z2 / count);
  const half =
    (quantile / (1 + z2 / count)) *
    Math.sqrt((share * (1 - share)) / count + z2 / (4 * count * count));
  return {
    low: share === 0 ? 0 : Math.max(0, centre - half),
    high: share === 1 ? 1 : Math.min(1, centre + half),
  };
}
