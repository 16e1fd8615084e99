import type { Partition } from '../learning/rows.ts';
import type { Assumption } from '../runtime/assumptions.ts';

/** Below this many test patients of a class its sensitivity or specificity moves in steps of more than 20 points. */
const fewestInTest = 5;

/** An endpoint with the names of its classes. */
export interface NamedClasses {
  id: string;
  /** Name of class 1. */
  positiveName: string;
  /** Name of class 0. */
  negativeName: string;
}

/**
 * Classes of which a test side holds fewer than five patients, with what that does to the intervals.
 *
 * @param labels 0 or 1 a row
 * @param partitions of these rows; stratified, so that all test sides hold equally many of a class
 */
export function smallClasses(
  { id, positiveName, negativeName }: NamedClasses,
  labels: ArrayLike<number>,
  partitions: readonly Partition[],
): Assumption[] {
  return [1, 0].flatMap((label) => {
    const count = (rows: readonly number[]) => rows.filter((row) => labels[row] === label).length;
    const inTest = Math.min(...partitions.map(({ test }) => count(test)));
    if (inTest >= fewestInTest) return [];
    const name = label === 1 ? positiveName : negativeName;
    const all = Array.from(labels).filter((one) => one === label).length;
    const measure = label === 1 ? 'sensitivity' : 'specificity';
    const step = (100 / inTest).toFixed(0);
    return [
      {
        kind: 'small-class',
        level: 'warning' as const,
        found: `${id}: ${all} ${name} of ${labels.length} patients, ${inTest} in the test side of each of ${partitions.length} partitions`,
        taken: 'evaluated as asked',
        why: `${measure} there can only move in steps of ${step} points, balanced accuracy in steps of ${(50 / inTest).toFixed(0)}: the 95% intervals describe how these ${all} patients fall, may pass 0 and 100%, and cover less than 95%; more patients of that class, or a larger testShare, are the cure`,
      },
    ];
  });
}
