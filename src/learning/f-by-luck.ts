import { studentQuantile } from '../runtime/distributions.ts';

/**
 * The F statistic with two classes that one of so many columns of noise is expected to reach: what the largest of a long list is
 * worth.
 *
 * @param patients in both classes together, 3 or more
 * @param columns of noise, tested one by one; 20 gives the usual 5%
 */
export function fByLuck(patients: number, columns: number): number {
  const t = studentQuantile(1 - 1 / (2 * columns), patients - 2);
  return t * t;
}
