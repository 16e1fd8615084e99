import { NacreError } from '../runtime/errors.ts';
import type { RandomStream } from '../runtime/random-stream.ts';

/**
 * Stratified folds: the rows of each class are shuffled and dealt to the folds in turn, class 1 beginning where
 * class 0 ended, so that fold sizes and class counts differ by at most one.
 *
 * @param labels 0 or 1 a row
 * @returns the held-out row numbers of each fold, ascending; every row is held out once
 * @throws NacreError `too-few-of-a-class` where a class has fewer rows than there are folds
 */
export function stratifiedFolds(
  labels: Uint8Array,
  folds: number,
  stream: RandomStream,
): number[][] {
  const held: number[][] = Array.from({ length: folds }, () => []);
  let next = 0;
  for (const label of [0, 1]) {
    const rows = Array.from(labels.keys()).filter((row) => labels[row] === label);
    if (rows.length < folds) {
      throw new NacreError('too-few-of-a-class', 'too few rows of a class for inner folds', {
        found: `${rows.length} of class ${label}`,
        expected: `at least ${folds}, one a fold`,
        todo: 'lower innerFolds or gather more patients',
      });
    }
    for (const row of stream.shuffled(rows)) held[next++ % folds].push(row);
  }
  return held.map((rows) => rows.sort((a, b) => a - b));
}

/** The rows beside those that are held out, ascending. */
export function rowsBeside(held: readonly number[], count: number): number[] {
  const out = new Set(held);
  return Array.from({ length: count }, (_, row) => row).filter((row) => !out.has(row));
}
