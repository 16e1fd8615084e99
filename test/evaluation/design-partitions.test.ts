import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type DesignOptions, designSchema, type StudyDesign } from '../../src/evaluation/design.ts';
import { designPartitions } from '../../src/evaluation/design-partitions.ts';
import { stratifiedPartitions } from '../../src/evaluation/partitions.ts';

const labels = Uint8Array.from({ length: 60 }, (_, row) => (row % 3 === 0 ? 1 : 0));
/** Persons of one to three rows; site A has 30 rows, B 24, C 6; split by row number. */
const columns: Record<string, (string | undefined)[]> = {
  person: [...labels.keys()].map((row) => `p${Math.floor((row * 2) / 5)}`),
  site: [...labels.keys()].map((row) => (row < 30 ? 'A' : row < 54 ? 'B' : 'C')),
  split: [...labels.keys()].map((row) =>
    row < 40 ? 'train' : row < 50 ? 'test' : row < 55 ? 'val' : undefined,
  ),
};
const valuesOf = (name: string) => columns[name];
const options = (design: object, more: Partial<DesignOptions> = {}): DesignOptions => ({
  design: designSchema.parse(design) as StudyDesign,
  ...{ partitions: 10, testShare: 0.2, seed: 7 },
  ...more,
});
const divide = (design: object, more = {}) =>
  designPartitions(labels, valuesOf, options(design, more));
const positives = (rows: readonly number[]) => rows.filter((row) => labels[row] === 1).length;
const codeOf = (design: object) => {
  try {
    divide(design);
  } catch (error) {
    return error as { code: string; message: string };
  }
  throw new Error('expected a refusal');
};

describe('designs of a study', () => {
  it('is the stratified hold-out as ever where nothing is named', () => {
    const plain = { partitions: 10, testShare: 0.2, seed: 7 };
    const expected = stratifiedPartitions(labels, plain);
    expect(designPartitions(labels, valuesOf, plain).partitions).toEqual(expected);
    expect(divide({ kind: 'hold-out' }).partitions).toEqual(expected);
  });

  it('k-fold holds every row out once per repeat, both classes in proportion', () => {
    const { partitions } = divide({ kind: 'k-fold', folds: 5, repeats: 3 });
    expect(partitions.map(({ index }) => index)).toEqual([...Array(15).keys()]);
    for (let repeat = 0; repeat < 3; repeat++) {
      const held = partitions.slice(repeat * 5, repeat * 5 + 5).flatMap(({ test }) => test);
      expect(held.sort((a, b) => a - b)).toEqual([...labels.keys()]);
    }
    for (const { train, test } of partitions) {
      expect([test.length, positives(test), train.length]).toEqual([12, 4, 48]);
    }
    expect(partitions[0].test).not.toEqual(partitions[5].test);
    expect(partitions[7].name).toBe('repeat 2, fold 3');
  });

  it('a fixed split takes the rows of its values, and lists who takes no part', () => {
    const { partitions, assumptions } = divide({
      ...{ kind: 'fixed-split', column: 'split', train: ['train'], test: ['test'] },
    });
    expect(partitions).toHaveLength(1);
    expect([partitions[0].train.length, partitions[0].test]).toEqual([
      40,
      [40, 41, 42, 43, 44, 45, 46, 47, 48, 49],
    ]);
    expect(assumptions).toMatchObject([
      { kind: 'not-in-split', found: '10 of 60 labelled patients: val 5, none 5' },
    ]);
  });

  it('leaves one group out; a small one trains and is listed', () => {
    const { partitions, assumptions } = divide({ kind: 'leave-one-group-out', column: 'site' });
    expect(partitions.map(({ name, test, train }) => [name, test.length, train.length])).toEqual([
      ['A', 30, 30],
      ['B', 24, 36],
    ]);
    expect(assumptions).toMatchObject([
      { kind: 'group-never-held-out', found: 'site C: 6 labelled patients, 2 of class 1' },
    ]);
    const all = divide({ kind: 'leave-one-group-out', column: 'site', fewest: 5 });
    expect(all.partitions.map(({ name }) => name)).toEqual(['A', 'B', 'C']);
    const byManifest = designPartitions(labels, valuesOf, {
      ...options({ kind: 'leave-one-group-out' }),
      group: 'site',
    });
    expect(byManifest.partitions).toHaveLength(2);
  });

  it('rows without a group neither train nor test when a group is held out', () => {
    const site = columns.site.map((value, row) => (row === 3 ? undefined : value));
    const { partitions, assumptions } = designPartitions(
      labels,
      () => site,
      options({ kind: 'leave-one-group-out', column: 'site' }),
    );
    for (const { train, test } of partitions) expect([...train, ...test]).not.toContain(3);
    expect(assumptions.map(({ kind }) => kind)).toContain('not-in-split');
  });

  it.each([{ kind: 'hold-out' }, { kind: 'k-fold', folds: 4, repeats: 3 }])(
    'keeps persons together: $kind',
    (design) => {
      const { partitions } = divide({ ...design, keepTogether: 'person' });
      for (const { train, test } of partitions) {
        const trained = new Set(train.map((row) => columns.person[row]));
        expect(test.some((row) => trained.has(columns.person[row]))).toBe(false);
        expect([...train, ...test].sort((a, b) => a - b)).toEqual([...labels.keys()]);
        // About the share and the class counts asked for, as far as whole persons allow.
        const share = design.kind === 'hold-out' ? 0.2 : 0.25;
        expect(Math.abs(test.length / 60 - share)).toBeLessThan(0.06);
        expect(Math.abs(positives(test) / test.length - 1 / 3)).toBeLessThan(0.12);
      }
    },
  );

  it('keeps whatever belongs together on one side, for any bundles', () => {
    const arbitrary = fc.array(fc.tuple(fc.nat(12), fc.nat(1)), { minLength: 60, maxLength: 90 });
    fc.assert(
      fc.property(arbitrary, fc.nat(1000), (rows, seed) => {
        const drawn = Uint8Array.from(rows, ([, label]) => label);
        const person = rows.map(([one], row) => (one === 0 ? undefined : `p${one}-${row % 4}`));
        for (const kind of ['hold-out', 'k-fold']) {
          const of = options(
            { kind, keepTogether: 'person', ...(kind === 'k-fold' && { folds: 3, repeats: 2 }) },
            { partitions: 3, seed },
          );
          const { partitions } = designPartitions(drawn, () => person, of);
          for (const { train, test } of partitions) {
            const trained = new Set(train.flatMap((row) => person[row] ?? []));
            if (test.some((row) => trained.has(person[row] ?? ''))) return false;
            if (new Set([...train, ...test]).size !== drawn.length) return false;
          }
        }
        return true;
      }),
      { numRuns: 40 },
    );
  });

  it.each<[string, object, string, string]>([
    [
      'a value that nobody has',
      { kind: 'fixed-split', column: 'split', train: ['train'], test: ['tset'] },
      'unknown-name',
      'did you mean test?',
    ],
    [
      'a value on both sides',
      { kind: 'fixed-split', column: 'split', train: ['train', 'test'], test: ['test'] },
      'bad-config',
      'on both sides',
    ],
    [
      'a given split that parts persons',
      {
        ...{ kind: 'fixed-split', column: 'site', train: ['A'], test: ['B'] },
        keepTogether: 'split',
      },
      'bad-partition',
      'share a value with a training row',
    ],
    ['no column of a group', { kind: 'leave-one-group-out' }, 'bad-config', 'names no group'],
    [
      'groups that are all too small',
      { kind: 'leave-one-group-out', column: 'site', fewest: 31 },
      'too-few-of-a-class',
      'lower design.fewest',
    ],
    [
      'more folds than rows of a class',
      { kind: 'k-fold', folds: 30, repeats: 1 },
      'too-few-of-a-class',
      '20 of class 1',
    ],
  ])('refuses %s', (_, design, code, words) => {
    const fault = codeOf(design);
    expect(fault.code).toBe(code);
    expect(fault.message).toContain(words);
  });
});
