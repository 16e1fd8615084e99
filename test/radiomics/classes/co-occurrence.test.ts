import { describe, expect, it } from 'vitest';
import { coOccurrenceFeatures } from '../../../src/radiomics/classes/glcm-features.ts';
import fc from '../../property-runs.ts';
import { plainCoOccurrence } from './co-occurrence-plainly.ts';

/** Matrices of few and of many levels, some of which have no pair, with whole and with weighted counts. */
const matrices = fc.integer({ min: 1, max: 12 }).chain((n) =>
  fc.record({
    grey: fc.uniqueArray(fc.integer({ min: 1, max: 90 }), { minLength: n, maxLength: n }),
    counts: fc.array(fc.constantFrom(0, 0, 1, 2, 7, 400, 0.25), {
      minLength: n * n,
      maxLength: n * n,
    }),
    symmetrical: fc.boolean(),
    correlation: fc.boolean(),
  }),
);

describe('features of a co-occurrence matrix', () => {
  it('are those of plain loops, to the last bit', () => {
    fc.assert(
      fc.property(matrices, ({ grey, counts, symmetrical, correlation }) => {
        const n = grey.length;
        fc.pre(counts.some((count) => count > 0));
        const matrix = Float64Array.from(counts, (count, at) =>
          symmetrical ? count + counts[(at % n) * n + Math.floor(at / n)] : count,
        );
        const levels = Float64Array.from(grey).sort();
        const options = { levelCount: levels[n - 1], correlation, symmetrical };
        expect(coOccurrenceFeatures(matrix, levels, options)).toEqual(
          plainCoOccurrence(matrix, levels, options),
        );
      }),
    );
  });

  it('also where the sums of PyRadiomics decide: one level, two that are independent', () => {
    for (const counts of [
      [0, 0, 0, 6],
      [1, 2, 2, 4],
      [0, 3, 0, 0],
    ]) {
      const matrix = Float64Array.from(counts);
      const levels = Float64Array.of(1, 3);
      const options = { levelCount: 3, correlation: true, symmetrical: false };
      expect(coOccurrenceFeatures(matrix, levels, options)).toEqual(
        plainCoOccurrence(matrix, levels, options),
      );
    }
  });
});
