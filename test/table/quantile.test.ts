import { describe, expect, it } from 'vitest';
import { quantile } from '../../src/table/quantile.ts';

describe('quantile', () => {
  it('computes quantiles as numpy does', () => {
    expect(quantile(Float64Array.of(1, 2, 3, 4), 0.025)).toBeCloseTo(1.075, 12);
    expect(quantile(Float64Array.of(5), 0.9)).toBe(5);
  });

  it('does not overflow between the ends of the range of a number', () => {
    expect(quantile([-1.5e308, 1.5e308], 0.5)).toBe(0);
  });
});
