import type { Assumption } from '../runtime/assumptions.ts';
import type { RandomStream } from '../runtime/random-stream.ts';
import { bundlesOf } from './grouped-splits.ts';

/** Values of a row's group, undefined for a row that belongs to no other. */
export type GroupValues = readonly (string | undefined)[];

/**
 * The labels of some rows, moved between whole groups: a group takes the labels of another of its size, row by row in the order of the
 * rows. So a group of one label keeps one, a group of mixed labels stays mixed, and the counts of both classes are what they were.
 * A group without another of its size keeps its labels.
 *
 * @returns label by row of `rows`, in that order
 */
export function shuffledByGroup(
  labels: ArrayLike<number>,
  rows: readonly number[],
  values: GroupValues,
  stream: RandomStream,
): number[] {
  const out = rows.map((row) => labels[row]);
  for (const groups of bySize(labels, rows, values)) {
    const taken = stream.shuffled(groups.map((places) => places.map((at) => labels[rows[at]])));
    groups.forEach((places, group) => {
      places.forEach((at, i) => {
        out[at] = taken[group][i];
      });
    });
  }
  return out;
}

/** What the audit does with groups, and how many rows it cannot move, for the record of assumptions. */
export function auditByGroup(
  { id, column }: { id: string; column: string },
  labels: ArrayLike<number>,
  values: GroupValues,
  strata: readonly (readonly number[])[],
): Assumption {
  const sizes = strata.flatMap((rows) => bySize(labels, rows, values));
  const groups = sizes.flat();
  const several = groups.filter((places) => places.length > 1);
  const alone = sizes.filter((same) => same.length === 1).map(([places]) => places.length);
  const kept = alone.reduce((sum, size) => sum + size, 0);
  return {
    kind: 'audit-by-group',
    ...(kept > 0 && { level: 'warning' as const }),
    found: `${id}: ${groups.length} groups by ${column}, ${several.length} of more than one row${kept > 0 ? `; ${alone.length} (${kept} of ${labels.length} rows) without another of their size` : ''}`,
    taken: `the audit moves labels between whole groups of equal size${strata.length > 1 ? ' of the same side' : ''}${kept > 0 ? '; groups without another keep their labels' : ''}`,
    why: `rows of a group resemble each other: shuffled one by one, their labels would vary too little, p would be too small, and no leak through groups would show${kept > 0 ? '; what is kept holds the real answer, so that the audit may lie above chance without a leak' : ''}`,
  };
}

/** Groups of rows, as places in `rows`, gathered by their size; sizes ascending. */
function bySize(
  labels: ArrayLike<number>,
  rows: readonly number[],
  values: GroupValues,
): number[][][] {
  const bundles = bundlesOf(
    rows.map((row) => labels[row]),
    rows.map((row) => values[row]),
  );
  const sizes = [...new Set(bundles.map((bundle) => bundle.rows.length))].sort((a, b) => a - b);
  return sizes.map((size) =>
    bundles.flatMap((bundle) => (bundle.rows.length === size ? [bundle.rows] : [])),
  );
}
