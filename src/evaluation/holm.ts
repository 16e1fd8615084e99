import { checkPValues } from './p-values.ts';

/**
 * Holm's step-down adjustment: p-values that can be compared with 0.05 whatever the number of tests, and never larger than
 * Bonferroni's. Holds under any dependence of the tests.
 *
 * @param p values in [0, 1]; null where there was no test: it stays null and does not count
 * @returns adjusted values in the order of `p`
 * @throws NacreError `bad-option`
 *
 * Reference: Holm 1979, Scand J Stat 6:65.
 */
export function holm(p: readonly (number | null)[]): (number | null)[] {
  const order = checkPValues(p);
  const adjusted: (number | null)[] = p.map(() => null);
  let largest = 0;
  order.forEach((at, rank) => {
    largest = Math.max(largest, Math.min(1, (order.length - rank) * (p[at] as number)));
    adjusted[at] = largest;
  });
  return adjusted;
}
