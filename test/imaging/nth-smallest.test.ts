import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nthSmallest } from '../../src/imaging/nth-smallest.ts';

describe('nthSmallest', () => {
  it('is the value at that place of the sorted values, equal ones among them', () => {
    const value = fc.oneof(fc.integer({ min: -3, max: 3 }), fc.double({ noNaN: true }));
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 60 }), fc.nat(), (list, at) => {
        const n = at % list.length;
        const sorted = Float64Array.from(list).sort();
        // Signs of zeros may differ.
        expect(nthSmallest(Float64Array.from(list), n) + 0).toBe(sorted[n] + 0);
      }),
    );
  });
});
