import { describe, expect, it } from 'vitest';
import { featureTable } from '../../src/table/feature-table.ts';
import { summary } from '../../src/table/summary.ts';

describe('summary', () => {
  it('counts patients, features and what is missing', () => {
    const column = (name: string, ...values: number[]) => ({
      block: 'radiomics',
      name,
      values: Float64Array.from(values),
    });
    const table = featureTable(
      ['P1', 'P2', 'P3'],
      [column('a', 1, 2, 3), column('b', 1, Number.NaN, 3), column('c', NaN, NaN, NaN)],
    );
    expect(summary(table)).toEqual({
      patients: 3,
      features: 3,
      featuresPerPatient: 1,
      missing: 4,
      missingShare: 4 / 9,
      emptyFeatures: 1,
    });
  });

  it('of a table without columns has nothing missing', () => {
    expect(summary(featureTable(['P1'], []))).toMatchObject({
      features: 0,
      missing: 0,
      missingShare: 0,
    });
  });
});
