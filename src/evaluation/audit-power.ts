import { exp, log } from '../runtime/elementary.ts';
import { twoSidedNormal } from './normal-distribution.ts';

/**
 * Probability that an audit passes as chance although a leak lifts the mean of its permutations: that the mean of n permutations
 * lies within two of its own standard errors of 0.5. With normal permutations of standard deviation sd it is P(|T| ≤ 2) of a
 * noncentral t with n − 1 degrees of freedom and noncentrality leak · √n / sd, computed by integration over the sample's spread.
 *
 * @param permutations n, at least 2
 * @param sd standard deviation over permutations, 0 or more
 * @param leak what the leak adds to balanced accuracy, such as 0.1
 */
export function passesDespite(permutations: number, sd: number, leak: number): number {
  if (!(sd > 0)) return leak === 0 ? 1 : 0;
  const freedom = permutations - 1;
  const shift = (leak * Math.sqrt(permutations)) / sd;
  // s/σ has the density of χ/√ν; beyond these bounds nothing is left for ν of 1 or more.
  const steps = 1000;
  const top = 1 + 9 / Math.sqrt(2 * freedom);
  let total = 0;
  let passed = 0;
  for (let step = 1; step <= steps; step++) {
    const ratio = (top * (step - 0.5)) / steps;
    const weight = exp((freedom - 1) * log(ratio) + (freedom / 2) * (1 - ratio * ratio));
    total += weight;
    passed += weight * (normalCdf(2 * ratio - shift) - normalCdf(-2 * ratio - shift));
  }
  return passed / total;
}

function normalCdf(z: number): number {
  const tail = twoSidedNormal(z) / 2;
  return z > 0 ? 1 - tail : tail;
}
