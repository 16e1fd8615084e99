import { asin, exp } from '../runtime/elementary.ts';
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
    low: 1 / (1 + against * exp(half)),
    high: 1 / (1 + against * exp(-half)),
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

/** What the angular interval rests on. */
export interface AngularOptions {
  /** Effective number of patients: share · (1 − share) / SE². */
  cases: number;
  /** Of the distribution of the standardised error. */
  quantile: number;
  /** Value without any information, in (0, 1). */
  chance: number;
  /** By how much the variance grows, as a part of itself, where the true share is at chance. */
  excess: number;
}

/** Distance from chance, in standard errors, at which half of the excess is left. */
const fading = 3;

/**
 * Interval of a share on the angular scale: all θ with |arcsin √x − arcsin √θ| ≤ q · k(θ) / (2 √cases). The variance factor
 * k² = 1 + excess / (1 + (z/3)²), with z the distance of θ from chance in standard errors, belongs to the θ that is tested, so that an
 * estimate far from chance is not widened by it.
 *
 * @param share in (0, 1)
 */
export function angularInterval(
  share: number,
  { cases, quantile, chance, excess }: AngularOptions,
): ShareBounds {
  const error = Math.sqrt((share * (1 - share)) / cases);
  const angle = asin(Math.sqrt(share));
  const outside = (theta: number) => {
    const z = (theta - chance) / error / fading;
    const widened = quantile * Math.sqrt(1 + excess / (1 + z * z));
    return Math.abs(angle - asin(Math.sqrt(theta))) > widened / (2 * Math.sqrt(cases));
  };
  const end = (limit: number): number => {
    if (!outside(limit)) return limit;
    let [inner, outer] = [share, limit];
    // Halved until neighbouring doubles are left, at most 60 times for a share.
    for (let step = 0; step < 60; step++) {
      const middle = (inner + outer) / 2;
      if (outside(middle)) outer = middle;
      else inner = middle;
    }
    return inner;
  };
  return { low: end(0), high: end(1) };
}
