import { describe, expect, it } from 'vitest';
import { featureTable } from '../../src/table/feature-table.ts';
import { joinTables, selectRows } from '../../src/table/join-tables.ts';

const column = (name: string, ...values: number[]) => ({
  name,
  block: 'x',
  values: Float64Array.from(values),
});
const a = featureTable(['P1', 'P2', 'P3'], [column('a', 1, 2, 3)]);
const b = featureTable(['P3', 'P1'], [column('b', 30, 10)]);

describe('joinTables', () => {
  it('joins by id, never by row, and leaves what is not there missing', () => {
    const joined = joinTables(['P3', 'P2', 'P1'], [a, b]);
    expect(joined.columns.map(({ values }) => [...values])).toEqual([
      [3, 2, 1],
      [30, Number.NaN, 10],
    ]);
  });

  it('refuses two columns of one name, and a table of strangers', () => {
    expect(() => joinTables(['P1'], [a, a])).toThrow(/two columns have one name/);
    expect(() => joinTables(['001'], [a])).toThrow(
      /found ids such as P1, expected ids such as 001/,
    );
  });
});

describe('selectRows', () => {
  it('copies the rows asked for, in that order', () => {
    const some = selectRows(a, [2, 0]);
    expect(some.patients).toEqual(['P3', 'P1']);
    some.columns[0].values[0] = 99;
    expect(a.columns[0].values[2]).toBe(3);
  });
});

describe('featureTable', () => {
  it('refuses a patient twice, a column twice and a short column', () => {
    expect(() => featureTable(['P1', 'P1'], [])).toThrow(
      /patient P1, row 2: patient appears twice/,
    );
    expect(() => featureTable(['P1'], [column('a', 1, 2)])).toThrow(
      /column a: .*found 2 values, expected 1 patients/,
    );
  });
});
