import { expect, it } from 'vitest';
import { compareTables } from '../../src/study/compare-tables.ts';
import { featureTable } from '../../src/table/feature-table.ts';

function table(skewness: readonly number[], mean: readonly number[] = [1, 2, Number.NaN]) {
  return featureTable(
    ['P1', 'P2', 'P3'],
    [
      { name: 'ceT1.intra.Skewness', block: 'radiomics', values: Float64Array.from(skewness) },
      { name: 'ceT1.intra.Mean', block: 'radiomics', values: Float64Array.from(mean) },
    ],
  );
}

it('equal tables do not differ, missing values included', () => {
  expect(compareTables(table([1, -2, 3]), table([1, -2, 3]))).toEqual({
    columns: [],
    largest: 0,
    rounding: true,
  });
});

it('a last bit is rounding, and its column is named', () => {
  const found = compareTables(table([1, -2, 3]), table([1 + 2 ** -52, -2, 3]));
  expect(found.columns).toEqual(['ceT1.intra.Skewness']);
  expect(found.largest).toBeLessThan(3e-16);
  expect(found.rounding).toBe(true);
});

it('a value that moved, went missing or changed its sign is no rounding', () => {
  expect(compareTables(table([1, -2, 3]), table([1.00001, -2, 3])).rounding).toBe(false);
  expect(compareTables(table([1, -2, 3]), table([Number.NaN, -2, 3])).rounding).toBe(false);
  expect(compareTables(table([1e-300, -2, 3]), table([-1e-300, -2, 3])).rounding).toBe(false);
});

it('other patients or columns are no rounding', () => {
  const one = table([1, -2, 3]);
  expect(compareTables(one, { ...one, patients: ['P1', 'P2', 'P4'] }).rounding).toBe(false);
  expect(compareTables(one, { ...one, columns: one.columns.slice(1) }).rounding).toBe(false);
});
