import erfc from '@stdlib/math-base-special-erfc';
import inverseBeta from '@stdlib/math-base-special-kernel-betaincinv';
import tCdf from '@stdlib/stats-base-dists-t-cdf';
import tQuantile from '@stdlib/stats-base-dists-t-quantile';

// stdlib's packages are many and small: 26 MB where each is installed, 0.2 MB of code in all. `npm run build` puts them into
// this module (`scripts/bundle-browser.mjs`), and nobody installs them.

/** Complementary error function. */
export function complementaryError(x: number): number {
  return erfc(x);
}

/** Where the regularised incomplete beta function of a and b is p, and one minus that; q is 1 - p. */
export function betaQuantile(a: number, b: number, p: number, q: number): [number, number] {
  const [value, rest] = inverseBeta(a, b, p, q);
  return [value, rest];
}

/** Cumulative probability of Student's t. */
export function studentCdf(t: number, degrees: number): number {
  return tCdf(t, degrees);
}

/** The t below which a share p lies. */
export function studentQuantile(p: number, degrees: number): number {
  return tQuantile(p, degrees);
}
