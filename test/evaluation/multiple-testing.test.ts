import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { benjaminiHochberg } from '../../src/evaluation/benjamini-hochberg.ts';
import { holm } from '../../src/evaluation/holm.ts';

const pValues = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 40 });

describe('Holm', () => {
  it('multiplies the smallest by all, the next by one fewer, and never falls', () => {
    const adjusted = holm([0.04, 0.01, 0.03]) as number[];
    expect(adjusted[1]).toBeCloseTo(0.03, 15);
    expect(adjusted[2]).toBeCloseTo(0.06, 15);
    expect(adjusted[0]).toBeCloseTo(0.06, 15);
  });

  it('lies between the p-value and the one of Bonferroni', () => {
    fc.assert(
      fc.property(pValues, (p) => {
        holm(p).forEach((value, i) => {
          expect(value).toBeGreaterThanOrEqual(p[i]);
          expect(value).toBeLessThanOrEqual(Math.min(1, p.length * p[i]) + 1e-15);
        });
      }),
    );
  });
});

describe('Benjamini and Hochberg', () => {
  it('is the example of their paper: four of fifteen at q = 0.05', () => {
    const p = [
      0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.324, 0.4262, 0.5719,
      0.6528, 0.759, 1.0,
    ];
    expect(benjaminiHochberg(p).filter((value) => (value as number) <= 0.05)).toHaveLength(4);
    expect(holm(p).filter((value) => (value as number) <= 0.05)).toHaveLength(3);
  });

  it('is never above Holm and keeps the order', () => {
    fc.assert(
      fc.property(pValues, (p) => {
        const [bh, h] = [benjaminiHochberg(p) as number[], holm(p) as number[]];
        p.forEach((value, i) => {
          expect(bh[i]).toBeGreaterThanOrEqual(value);
          expect(bh[i]).toBeLessThanOrEqual(h[i] + 1e-12);
          p.forEach((other, j) => {
            if (value < other) expect(bh[i]).toBeLessThanOrEqual(bh[j] + 1e-12);
          });
        });
      }),
    );
  });
});

it('leaves out what was not tested, and refuses what is no p-value', () => {
  expect(holm([0.02, null, 0.03])).toEqual([0.04, null, 0.04]);
  expect(benjaminiHochberg([0.02, null, 0.03])).toEqual([0.03, null, 0.03]);
  expect(holm([])).toEqual([]);
  expect(() => holm([0.5, 1.2])).toThrow(/outside 0 to 1/);
  expect(() => benjaminiHochberg([Number.NaN])).toThrow(/outside 0 to 1/);
});
