import { describe, expect, it } from 'vitest';
import {
  binLevels,
  countInside,
  countNotFinite,
  rangeInside,
} from '../../../src/radiomics/algorithms/region-passes.ts';
import fc from '../../property-runs.ts';

/** Values on and beside the edges of bins, and which of them are in the region. */
const made = fc
  .array(
    fc.tuple(fc.constantFrom(-25, -1e-9, 0, 12.5, 25, 24.999, 50, 99), fc.constantFrom(0, 1, 7)),
    { minLength: 1, maxLength: 90 },
  )
  .map((voxels) => ({
    values: Float64Array.from(voxels, ([value]) => value),
    mask: Uint8Array.from(voxels, ([, inside]) => inside),
  }));

describe('passes over a region in WebAssembly give what plain loops give', () => {
  it('voxels, range and bins of what is inside', () => {
    fc.assert(
      fc.property(made, ({ values, mask }) => {
        const inside = [...values].filter((_, n) => mask[n] !== 0);
        const levelOf = (value: number) => edges.filter((edge) => edge <= value).length;
        const edges = [-25, 0, 25, 50, 75, 100];
        const { levels, highest, counted } = binLevels(values, mask, Float64Array.from(edges));
        expect([...levels]).toEqual([...values].map((x, n) => (mask[n] === 0 ? 0 : levelOf(x))));
        expect(highest).toBe(Math.max(0, ...levels));
        const voxelsOf = (level: number) => inside.filter((x) => levelOf(x) === level).length;
        expect([...counted]).toEqual([0, 1, 2, 3, 4, 5, 6].map(voxelsOf));
        expect(rangeInside(values, mask)).toEqual([Math.min(...inside), Math.max(...inside)]);
        expect(countInside(mask)).toBe(inside.length);
        expect(mask.every((byte) => byte <= 1)).toBe(true);
      }),
    );
  });

  it('numbers that are not finite, inside alone', () => {
    const values = Float64Array.of(Number.NaN, Number.NaN, Number.POSITIVE_INFINITY, 3, -1e308);
    expect(countNotFinite(values, Uint8Array.of(0, 1, 1, 1, 1))).toBe(2);
  });
});
