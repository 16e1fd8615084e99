import { checkPValues } from './p-values.ts';

/**
 * Adjustment of Benjamini and Hochberg: those at or below q have an expected share of false discoveries of at most q, for
 * independent or positively dependent tests.
 *
 * @param p values in [0, 1]; null where there was no test: it stays null and does not count
 * @returns adjusted values in the order of `p`
 * @throws NacreError `bad-option`
 *
 * Reference: Benjamini and Hochberg 1995, J R Stat Soc B 57:289.
 */
export function benjaminiHochberg(p: readonly (number | null)[]): (number | null)[] {
  const order = checkPValues(p);
  const adjusted: (number | null)[] = p.map(() => null);
  let smallest = 1;
  for (let rank = order.length; rank >= 1; rank--) {
    const at = order[rank - 1];
    const value = p[at] as number;
    smallest = Math.min(smallest, (value * order.length) / rank);
    // p · m / m may round below p.
    adjusted[at] = Math.max(smallest, value);
  }
  return adjusted;
}
