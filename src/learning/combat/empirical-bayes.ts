import { mean } from '../../table/mean.ts';

/** Location and scale of one site, shrunken over features: one of each per feature. */
export interface SiteEffects {
  /** γ*: what the site adds, in pooled standard deviations. */
  gamma: Float64Array;
  /** δ*: variance of the site, relative to the pooled one. */
  delta: Float64Array;
}

/** Relative change below which the iteration ends, as in neuroCombat and sva. */
const tolerance = 1e-4;
const mostIterations = 10_000;

/**
 * Parametric empirical Bayes of one site (Johnson et al. 2007, equations 3.1 to 3.3): features share a normal prior of location and
 * an inverse gamma prior of scale, whose parameters are their moments over features.
 *
 * The iteration ends when no location and no scale of any feature changes by more than 1e-4 of its old value. As in neuroCombat
 * and sva the change of a location is divided by its **signed** old value, so that negative locations do not hold it up; the same
 * rule gives the same numbers.
 *
 * @param standardised per feature, the site's rows (mean and pooled variance taken out)
 */
export function siteEffects(standardised: readonly Float64Array[]): SiteEffects {
  const gammaHat = Float64Array.from(standardised, mean);
  const deltaHat = Float64Array.from(standardised, (values, f) => {
    const variance = sampleVariance(values, gammaHat[f]);
    return variance === 0 ? 1 : variance;
  });
  // One feature alone has no prior: its own moments are taken as they are.
  if (standardised.length < 2) return { gamma: gammaHat, delta: deltaHat };
  const gammaBar = mean(gammaHat);
  const tau2 = sampleVariance(gammaHat, gammaBar);
  const m = mean(deltaHat);
  const s2 = sampleVariance(deltaHat, m);
  // Features of equal scale leave the inverse gamma prior undefined: the limit is a scale that is known.
  if (s2 === 0)
    return { gamma: shrunkOnce(gammaHat, deltaHat, gammaBar, tau2, standardised), delta: deltaHat };
  const a = (2 * s2 + m * m) / s2;
  const b = (m * s2 + m * m * m) / s2;
  const gamma = gammaHat.slice();
  const delta = deltaHat.slice();
  for (let iteration = 0; iteration < mostIterations; iteration++) {
    let change = Number.NEGATIVE_INFINITY;
    for (let f = 0; f < standardised.length; f++) {
      const values = standardised[f];
      const n = values.length;
      const next = (tau2 * n * gammaHat[f] + delta[f] * gammaBar) / (tau2 * n + delta[f]);
      let squares = 0;
      for (let i = 0; i < n; i++) squares += (values[i] - next) * (values[i] - next);
      const scale = (0.5 * squares + b) / (n / 2 + a - 1);
      change = Math.max(
        change,
        Math.abs(next - gamma[f]) / gamma[f],
        Math.abs(scale - delta[f]) / delta[f],
      );
      gamma[f] = next;
      delta[f] = scale;
    }
    if (!(change > tolerance)) break;
  }
  return { gamma, delta };
}

function shrunkOnce(
  gammaHat: Float64Array,
  delta: Float64Array,
  gammaBar: number,
  tau2: number,
  standardised: readonly Float64Array[],
): Float64Array {
  return gammaHat.map((value, f) => {
    const n = standardised[f].length;
    return (tau2 * n * value + delta[f] * gammaBar) / (tau2 * n + delta[f]);
  });
}

function sampleVariance(values: Float64Array, centre: number): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += (values[i] - centre) * (values[i] - centre);
  return sum / (values.length - 1);
}
