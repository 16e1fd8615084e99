import { complementaryError } from '../runtime/distributions.ts';

/** 97.5% point of the standard normal distribution. */
export const normal975 = 1.959963984540054;

/** Two-sided p-value of a standard normal deviate, in [0, 1]. */
export function twoSidedNormal(z: number): number {
  return complementaryError(Math.abs(z) / Math.SQRT2);
}
