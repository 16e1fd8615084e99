import { NacreError } from '../runtime/errors.ts';

/**
 * Where the balanced accuracy of one test set falls in 95% of draws, for a model whose true sensitivity and specificity both
 * are `truth`: truth ± 1.96 √(v/n₁ + v/n₀)/2 with v = truth (1 − truth), the normal approximation of two binomial shares.
 * What a test set of this size can show at best; it knows nothing of the scatter of training.
 *
 * @param counts patients of each class in the test set, 1 or more
 * @param truth true sensitivity and specificity, 0 to 1. Default 0.7
 * @returns `low` and `high`, cut at 0 and 1
 * @throws NacreError `bad-option`
 */
export function singleTestRange(
  { positives, negatives }: { positives: number; negatives: number },
  { truth = 0.7 }: { truth?: number | undefined } = {},
): { low: number; high: number } {
  if (!(truth >= 0 && truth <= 1 && positives >= 1 && negatives >= 1)) {
    throw new NacreError('bad-option', 'the test set or the true accuracy is out of range', {
      found: `${positives} and ${negatives} patients, truth ${truth}`,
      expected: 'one patient of each class or more, and a share from 0 to 1',
    });
  }
  const variance = truth * (1 - truth);
  const error = Math.sqrt(variance / positives + variance / negatives) / 2;
  return {
    low: Math.max(0, truth - 1.96 * error),
    high: Math.min(1, truth + 1.96 * error),
  };
}
