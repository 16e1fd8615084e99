import type { Partition } from '../learning/rows.ts';
import { rowsBeside, stratifiedFolds } from '../learning/stratified-folds.ts';
import type { Assumption } from '../runtime/assumptions.ts';
import { NacreError, unknownName } from '../runtime/errors.ts';
import { RandomStream } from '../runtime/random-stream.ts';
import { type DesignOptions, designOf, type StudyDesign } from './design.ts';
import type { GroupValues } from './grouped-labels.ts';
import { bundlesOf, drawTogether, foldsTogether } from './grouped-splits.ts';
import { stratifiedPartitions } from './partitions.ts';

/** Values of a column by row, undefined where missing. @throws NacreError `unknown-name` */
export type ColumnValues = (column: string) => readonly (string | undefined)[];

/** What a design makes of labelled rows. */
export interface DesignedPartitions {
  partitions: Partition[];
  /** Rows that take no part, and groups that are never held out. */
  assumptions: Assumption[];
}

/**
 * Divides labelled rows as a design asks. The same labels, columns and seed give the same partitions, whatever else changes.
 *
 * @param labels 0 or 1 a row
 * @param valuesOf values of the columns that the design names, per row
 * @param options the design with its numbers, and `group`, the column that leave-one-group-out takes where it names none
 * @throws NacreError `one-class`, `too-few-of-a-class`, `bad-config` (no group), `unknown-name` (a column, a value that no row has),
 *   `bad-partition` (rows that belong together on both sides of a given split)
 */
export function designPartitions(
  labels: Uint8Array,
  valuesOf: ColumnValues,
  options: DesignOptions & { group?: string | undefined },
): DesignedPartitions {
  const design = designOf(options);
  const together =
    design.keepTogether === undefined
      ? undefined
      : { column: design.keepTogether, values: valuesOf(design.keepTogether) };
  switch (design.kind) {
    case 'hold-out':
      return { partitions: holdOuts(labels, together?.values, options), assumptions: [] };
    case 'k-fold':
      return { partitions: kFold(labels, design, together?.values, options), assumptions: [] };
    case 'fixed-split': {
      const given = fixedSplit(labels, design, valuesOf(design.column), options.seed);
      requireTogether(given.partitions, together);
      return given;
    }
    case 'leave-one-group-out': {
      const column = design.column ?? options.group;
      if (column === undefined) {
        throw new NacreError('bad-config', 'leave one group out needs the column of the group', {
          column: 'design.column',
          found: 'none, and the manifest names no group',
          expected: 'the short name of a column: site, cohort, scanner',
          todo: 'add design.column to the study, or group to the manifest',
        });
      }
      const given = leaveOneGroupOut(labels, { ...design, column }, valuesOf(column), options.seed);
      requireTogether(given.partitions, together);
      return given;
    }
  }
}

/** Independent hold-outs. @param groups by row: rows of a group stay on one side; undefined: every row by itself */
export function holdOuts(
  labels: Uint8Array,
  groups: GroupValues | undefined,
  options: Pick<DesignOptions, 'partitions' | 'testShare' | 'seed'>,
): Partition[] {
  const plain = stratifiedPartitions(labels, options);
  return groups === undefined ? plain : holdOutTogether(labels, groups, plain);
}

/** The plain partitions with their test sides drawn anew, in whole bundles, to about the same class counts. */
function holdOutTogether(
  labels: Uint8Array,
  values: readonly (string | undefined)[],
  plain: readonly Partition[],
): Partition[] {
  const bundles = bundlesOf(labels, values);
  return plain.map(({ index, seed, test: drawn }) => {
    const positives = drawn.filter((row) => labels[row] === 1).length;
    const target = [drawn.length - positives, positives] as const;
    const stream = RandomStream.of(seed, 'partition', 'together');
    const test = drawTogether(bundles, target, stream);
    const partition = { index, seed, train: rowsBeside(test, labels.length), test };
    requireClasses(labels, partition, 'rows that belong together leave a side without a class');
    return partition;
  });
}

function kFold(
  labels: Uint8Array,
  { folds, repeats }: Extract<StudyDesign, { kind: 'k-fold' }>,
  values: readonly (string | undefined)[] | undefined,
  { seed }: Pick<DesignOptions, 'seed'>,
): Partition[] {
  const bundles = values && bundlesOf(labels, values);
  return Array.from({ length: repeats }, (_, repeat) => {
    const stream = RandomStream.of(seed + repeat, 'k-fold');
    const held =
      bundles === undefined
        ? stratifiedFolds(labels, folds, stream)
        : foldsTogether(bundles, folds, stream);
    return held.map((test, fold) => {
      const partition = {
        index: repeat * folds + fold,
        seed: seed + repeat,
        name: `repeat ${repeat + 1}, fold ${fold + 1}`,
        train: rowsBeside(test, labels.length),
        test,
      };
      requireClasses(labels, partition, 'a fold lacks a class');
      return partition;
    });
  }).flat();
}

function fixedSplit(
  labels: Uint8Array,
  { column, train, test }: Extract<StudyDesign, { kind: 'fixed-split' }>,
  values: readonly (string | undefined)[],
  seed: number,
): DesignedPartitions {
  const present = new Set(values.flatMap((value) => value ?? []));
  for (const [side, names] of [['train', train] as const, ['test', test] as const]) {
    for (const name of names) {
      if (present.has(name)) continue;
      const where = { column: `design.${side}` };
      throw unknownName(`no patient has this value of ${column}`, name, [...present], where);
    }
  }
  const both = train.find((name) => test.includes(name));
  if (both !== undefined) {
    throw new NacreError('bad-config', 'a value of the split is on both sides', {
      column: 'design.test',
      found: both,
      expected: 'different values in train and test',
    });
  }
  const rowsOf = (names: readonly string[]) =>
    rowsWhere(values, (value) => value !== undefined && names.includes(value));
  const partition = {
    index: 0,
    seed,
    name: test.join(' + '),
    train: rowsOf(train),
    test: rowsOf(test),
  };
  requireClasses(labels, partition, 'the split leaves a side without a class');
  const rest = rowsWhere(values, (value) => !(value && [...train, ...test].includes(value)));
  return {
    partitions: [partition],
    assumptions:
      rest.length === 0
        ? []
        : [
            {
              kind: 'not-in-split',
              found: `${rest.length} of ${labels.length} labelled patients: ${countValues(rest.map((row) => values[row]))}`,
              taken: 'neither trained nor tested on',
              why: `the split by ${column} names ${train.join(', ')} to train and ${test.join(', ')} to test`,
            },
          ],
  };
}

function leaveOneGroupOut(
  labels: Uint8Array,
  { column, fewest }: { column: string; fewest: number },
  values: readonly (string | undefined)[],
  seed: number,
): DesignedPartitions {
  const groups = [...new Set(values.flatMap((value) => value ?? []))].sort();
  const assumptions: Assumption[] = [];
  const known = rowsWhere(values, (value) => value !== undefined);
  if (known.length < labels.length) {
    assumptions.push({
      kind: 'not-in-split',
      level: 'warning',
      found: `${labels.length - known.length} of ${labels.length} labelled patients without a value of ${column}`,
      taken: 'neither trained nor tested on',
      why: 'they may belong to the group that is held out',
    });
  }
  const partitions: Partition[] = [];
  for (const group of groups) {
    const test = rowsWhere(values, (value) => value === group);
    const positives = test.filter((row) => labels[row] === 1).length;
    const negatives = test.length - positives;
    if (test.length < fewest || positives < 2 || negatives < 2) {
      assumptions.push({
        kind: 'group-never-held-out',
        level: 'warning',
        found: `${column} ${group}: ${test.length} labelled patients, ${positives} of class 1`,
        taken: 'trains in every partition, is never held out',
        why: `a group needs ${fewest} patients (design.fewest) and two of each class to be measured`,
      });
      continue;
    }
    const train = known.filter((row) => values[row] !== group);
    const partition = { index: partitions.length, seed, name: group, train, test };
    requireClasses(labels, partition, `without ${group} the training rows lack a class`);
    partitions.push(partition);
  }
  if (partitions.length > 0) return { partitions, assumptions };
  throw new NacreError('too-few-of-a-class', 'no group can be held out', {
    column,
    found: `${groups.length} groups, none with ${fewest} labelled patients and two of each class`,
    expected: 'at least one',
    todo: 'lower design.fewest, or join groups in a column of their own',
  });
}

/** Refuses a given split that parts what belongs together: it is the user's column, not a draw that could be repeated. */
function requireTogether(
  partitions: readonly Partition[],
  together: { column: string; values: readonly (string | undefined)[] } | undefined,
): void {
  if (together === undefined) return;
  for (const { train, test, name } of partitions) {
    const trained = new Set(train.flatMap((row) => together.values[row] ?? []));
    const both = test.filter((row) => trained.has(together.values[row] ?? ''));
    if (both.length === 0) continue;
    throw new NacreError('bad-partition', 'the split parts rows that belong together', {
      column: together.column,
      found: `${both.length} test rows of ${name} share a value with a training row`,
      expected: 'all rows of a value on one side',
      todo: 'correct the column of the split, or leave keepTogether out',
    });
  }
}

function requireClasses(
  labels: Uint8Array,
  { train, test, name }: Partition,
  message: string,
): void {
  for (const side of [train, test]) {
    const positives = side.filter((row) => labels[row] === 1).length;
    if (positives > 0 && positives < side.length) continue;
    throw new NacreError('too-few-of-a-class', message, {
      found: `${name ?? 'a partition'}: ${positives} of class 1 among ${side.length} ${side === test ? 'test' : 'training'} rows`,
      expected: 'both classes on both sides',
      todo: 'use fewer folds, another column or another design',
    });
  }
}

function rowsWhere(
  values: readonly (string | undefined)[],
  is: (value: string | undefined) => boolean,
): number[] {
  return values.flatMap((value, row) => (is(value) ? [row] : []));
}

function countValues(values: readonly (string | undefined)[]): string {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value ?? 'none', (counts.get(value ?? 'none') ?? 0) + 1);
  return [...counts].map(([value, count]) => `${value} ${count}`).join(', ');
}
