import { describe, expect, it } from 'vitest';
import { hashOfPatients, stratifiedPartitions } from '../../src/evaluation/partitions.ts';
import fc from '../property-runs.ts';

const labelsOf = (positives: number, negatives: number) =>
  Uint8Array.from({ length: positives + negatives }, (_, i) => (i < positives ? 1 : 0));

describe('stratifiedPartitions', () => {
  it('splits 156 patients of whom 46 positive as scikit-learn does: 32 test rows, 9 of them positive', () => {
    const labels = labelsOf(46, 110);
    for (const { train, test } of stratifiedPartitions(labels)) {
      expect(test).toHaveLength(32);
      expect(train).toHaveLength(124);
      expect(test.filter((row) => labels[row] === 1)).toHaveLength(9);
    }
  });

  it('covers every row once, keeps class shares, and gives each seed its own split', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 6, max: 60 }),
        fc.integer({ min: 6, max: 60 }),
        fc.integer({ min: 0, max: 1000 }),
        (positives, negatives, seed) => {
          const labels = labelsOf(positives, negatives);
          const partitions = stratifiedPartitions(labels, { partitions: 3, seed });
          for (const { train, test } of partitions) {
            expect([...train, ...test].sort((a, b) => a - b)).toEqual(
              Array.from(labels, (_, i) => i),
            );
            const share = test.filter((row) => labels[row] === 1).length;
            expect(Math.abs(share - (test.length * positives) / labels.length)).toBeLessThan(1);
          }
          expect(partitions[1]).toEqual({
            ...stratifiedPartitions(labels, { partitions: 1, seed: seed + 1 })[0],
            index: 1,
          });
        },
      ),
      { numRuns: 50 },
    );
  });

  it('says which class is short', () => {
    expect(() => stratifiedPartitions(labelsOf(0, 20))).toThrow(
      /all patients have the same outcome: found 0 of class 1 and 20 of class 0/,
    );
    expect(() => stratifiedPartitions(labelsOf(2, 40))).toThrow(/too few patients of a class/);
    expect(() => stratifiedPartitions(labelsOf(5, 5), { testShare: 1 })).toThrow(/test share/);
  });
});

describe('hashOfPatients', () => {
  it('is SHA-256 over the sorted ids joined by line feeds, whatever their order', () => {
    // printf 'P1\nP2' | sha256sum
    const expected = 'bff3e6c20ec3ede3da00726b505463e83e44afdef36cf704bdf7bb1d16cd005c';
    expect(hashOfPatients(['P2', 'P1'])).toBe(hashOfPatients(['P1', 'P2']));
    expect(hashOfPatients(['P2', 'P1'])).toBe(expected);
  });
});
