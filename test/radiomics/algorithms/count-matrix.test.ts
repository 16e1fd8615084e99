import { describe, expect, it } from 'vitest';
import {
  countStatistics,
  denseStatistics,
  fromDense,
  fromPairs,
} from '../../../src/radiomics/algorithms/count-matrix.ts';
import { sumPairsOfLevels } from '../../../src/radiomics/algorithms/texture-loops.ts';
import fc from '../../property-runs.ts';
import {
  plainCountStatistics,
  plainFromDense,
  plainFromPairs,
  plainPairsOfLevels,
} from './counts-plainly.ts';

/** Levels of some rows, ascending, with a first one that means nothing. */
const levels = fc
  .uniqueArray(fc.integer({ min: 1, max: 900 }), { minLength: 1, maxLength: 9 })
  .map((grey) => Float64Array.of(0, ...Float64Array.from(grey).sort()));
const counts = fc.constantFrom(0, 0, 0, 1, 2, 17, 4000);
const weighted = fc.constantFrom(0, 0, 1, 0.36787944117144233, 5.25);

describe('matrices of counts are those of plain loops, to the last bit', () => {
  it('from a dense matrix, of words and of weighted counts', () => {
    const tables = fc.tuple(levels, fc.integer({ min: 1, max: 12 })).chain(([grey, columns]) => {
      const length = (grey.length - 1) * columns;
      const all = { minLength: length, maxLength: length };
      return fc.record({
        grey: fc.constant(grey),
        columns: fc.constant(columns),
        table: fc.oneof(
          fc.array(counts, all).map((values) => Int32Array.from(values)),
          fc.array(weighted, all).map((values) => Float64Array.from(values)),
        ),
      });
    });
    fc.assert(
      fc.property(tables, ({ grey, columns, table }) => {
        const matrix = fromDense(table, grey, columns);
        expect(matrix).toEqual(plainFromDense(table, grey, columns));
        expect(countStatistics(matrix)).toEqual(plainCountStatistics(matrix));
        expect(denseStatistics(table, grey, columns)).toEqual(plainCountStatistics(matrix));
      }),
    );
  });

  it('from pairs of a rank and a size, small and as large as a scan', () => {
    const pairs = levels.chain((grey) =>
      fc.record({
        grey: fc.constant(grey),
        found: fc.array(
          fc.tuple(
            fc.integer({ min: 1, max: grey.length - 1 }),
            fc.constantFrom(1, 1, 2, 3, 40, 4095, 4096, 70_000),
          ),
          { maxLength: 60 },
        ),
      }),
    );
    fc.assert(
      fc.property(pairs, ({ grey, found }) => {
        const ranks = Int32Array.from(found, ([rank]) => rank);
        const sizes = Int32Array.from(found, ([, size]) => size);
        const matrix = fromPairs(ranks, sizes, found.length, grey);
        expect(matrix).toEqual(plainFromPairs(ranks, sizes, found.length, grey));
        expect(countStatistics(matrix)).toEqual(plainCountStatistics(matrix));
      }),
    );
  });

  it('sums over pairs of levels', () => {
    const rows = fc.array(
      fc.tuple(fc.integer({ min: 1, max: 99 }), fc.constantFrom(0, 0.1, 1 / 3), fc.nat(50)),
      { minLength: 1, maxLength: 20 },
    );
    fc.assert(
      fc.property(rows, (found) => {
        const [grey, p, difference] = [0, 1, 2].map((n) =>
          Float64Array.from(found, (row) => row[n]),
        );
        expect(sumPairsOfLevels(grey, p, difference)).toEqual(
          plainPairsOfLevels(grey, p, difference),
        );
      }),
    );
  });
});
