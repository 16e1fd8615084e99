import { NacreError } from '../runtime/errors.ts';

/**
 * The smallest p-value that is given: smaller ones are shown as this and read as "at most". Far in the tail a p-value depends
 * on the shape of a distribution that ten overlapping partitions, or some hundred patients, do not show.
 */
export const leastP = 1e-4;

/** Places of the p-values that there are, smallest first. @throws NacreError `bad-option` for one outside [0, 1] */
export function checkPValues(p: readonly (number | null)[]): number[] {
  const order: number[] = [];
  p.forEach((value, at) => {
    if (value === null) return;
    if (!(value >= 0 && value <= 1)) {
      throw new NacreError('bad-option', 'a p-value is outside 0 to 1', {
        row: at + 1,
        found: String(value),
        expected: 'a number in [0, 1], or null where there was no test',
      });
    }
    order.push(at);
  });
  return order.sort((a, b) => (p[a] as number) - (p[b] as number) || a - b);
}
