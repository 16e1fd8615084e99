import { expect, it } from 'vitest';
import { mcnemar } from '../../src/evaluation/mcnemar.ts';

it('is the binomial test of the patients on whom two classifiers differ', () => {
  const first = [1, 1, 1, 1, 1, 0, 0, 1];
  const second = [0, 0, 0, 0, 0, 1, 0, 1];
  // 5 against 1: 2 · (1 + 6) / 2⁶.
  const { onlyFirst, onlySecond, exact, chiSquare } = mcnemar(first, second);
  expect([onlyFirst, onlySecond]).toEqual([5, 1]);
  expect(exact).toBeCloseTo(14 / 64, 14);
  expect(chiSquare).toBeCloseTo((4 - 1) ** 2 / 6, 14);
  expect(mcnemar(second, first).exact).toBe(exact);
});

it('finds nothing where they do not differ, and does not underflow on many patients', () => {
  expect(mcnemar([1, 0, 1], [1, 0, 1])).toMatchObject({ exact: 1, chiSquare: 0, asymptotic: 1 });
  const half = Array.from({ length: 6000 }, (_, i) => i % 2);
  const other = half.map((value) => 1 - value);
  expect(mcnemar(half, other)).toMatchObject({ exact: 1, chiSquare: 0 });
});

it('refuses other patients and what is not right or wrong', () => {
  expect(() => mcnemar([1], [1, 0])).toThrow(/1 and 2 patients/);
  expect(() => mcnemar([2], [1])).toThrow(/0 or 1/);
});
