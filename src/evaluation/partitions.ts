import type { Partition } from '../learning/rows.ts';
import { NacreError } from '../runtime/errors.ts';
import { sha256 } from '../runtime/hash.ts';
import { RandomStream } from '../runtime/random-stream.ts';

export interface PartitionOptions {
  /** Number of independent partitions. Default 10, as in the paper. */
  partitions?: number;
  /** Share of patients held out for testing, in (0, 1). Default 0.2. */
  testShare?: number;
  /** Seed of the first partition; partition k uses `seed + k`. Default 0. */
  seed?: number;
}

/**
 * Stratified repeated hold-out: `partitions` independent splits from as many seeds, each with the class
 * shares of the whole (scikit-learn's StratifiedShuffleSplit). The number of test rows is ceil(testShare · n);
 * each class gives its proportional share, the largest remainders rounded up (class 0 first on a tie).
 *
 * @param labels 0 or 1 a row
 * @returns row numbers, ascending; the same for the same labels and seed, whatever else changes
 * @throws NacreError `one-class`, `too-few-of-a-class` when a class cannot stand on both sides of each split
 */
export function stratifiedPartitions(
  labels: ArrayLike<number>,
  { partitions = 10, testShare = 0.2, seed = 0 }: PartitionOptions = {},
): Partition[] {
  const rowsOfClass: [number[], number[]] = [[], []];
  for (let row = 0; row < labels.length; row++) rowsOfClass[labels[row] === 1 ? 1 : 0].push(row);
  checkClasses(rowsOfClass, testShare);
  const testCounts = apportion(
    Math.ceil(testShare * labels.length - 1e-9),
    rowsOfClass.map((rows) => rows.length),
  );
  return Array.from({ length: partitions }, (_, index) => {
    const stream = RandomStream.of(seed + index, 'partition');
    const test: number[] = [];
    const train: number[] = [];
    rowsOfClass.forEach((rows, label) => {
      const order = stream.shuffled(rows);
      test.push(...order.slice(0, testCounts[label]));
      train.push(...order.slice(testCounts[label]));
    });
    const ascending = (a: number, b: number) => a - b;
    return { index, seed: seed + index, train: train.sort(ascending), test: test.sort(ascending) };
  });
}

/** Record by which a reviewer checks the split of a cohort that cannot be shared: a hash of the ids, no id. */
export function hashOfPatients(patients: readonly string[]): string {
  return sha256([...patients].sort().join('\n'));
}

function checkClasses(rowsOfClass: readonly number[][], testShare: number): void {
  if (!(testShare > 0 && testShare < 1)) {
    throw new NacreError('bad-option', 'test share is outside (0, 1)', {
      found: String(testShare),
      expected: 'for instance 0.2',
    });
  }
  const counts = rowsOfClass.map((rows) => rows.length);
  const found = `${counts[1]} of class 1 and ${counts[0]} of class 0`;
  if (counts.includes(0)) {
    throw new NacreError('one-class', 'all patients have the same outcome', {
      found,
      expected: 'patients of both classes',
      todo: 'check the endpoint rule and its column in the manifest',
    });
  }
  const total = counts[0] + counts[1];
  const test = apportion(Math.ceil(testShare * total - 1e-9), counts);
  if (counts.some((count, label) => test[label] < 1 || count - test[label] < 2)) {
    throw new NacreError(
      'too-few-of-a-class',
      'too few patients of a class for stratified partitions',
      {
        found,
        expected: `at least 1 of each class among ${test[0] + test[1]} test patients and 2 in training`,
        todo: 'gather more patients or choose another endpoint',
      },
    );
  }
}

/** Splits `total` in proportion to `counts` by largest remainders. */
function apportion(total: number, counts: readonly number[]): number[] {
  const sum = counts.reduce((a, b) => a + b, 0);
  const exact = counts.map((count) => (total * count) / sum);
  const share = exact.map(Math.floor);
  let left = total - share.reduce((a, b) => a + b, 0);
  const byRemainder = counts
    .map((_, label) => label)
    .sort((a, b) => exact[b] - share[b] - (exact[a] - share[a]) || a - b);
  for (const label of byRemainder) {
    if (left-- <= 0) break;
    share[label]++;
  }
  return share;
}
