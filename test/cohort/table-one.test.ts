import { expect, it } from 'vitest';
import type { Cohort } from '../../src/cohort/cohort.ts';
import { standardisedDifference, tableOne } from '../../src/cohort/table-one.ts';
import { featureTable } from '../../src/table/feature-table.ts';

const patients = ['a', 'b', 'c', 'd', 'e', 'f'];
const column = (name: string, ...values: number[]) => ({
  name: `clinical.${name}`,
  block: 'clinical',
  values: Float64Array.from(values),
});
const cohort: Cohort = {
  id: 'six',
  title: 'Six patients',
  citation: 'none',
  licence: 'MIT',
  synthetic: true,
  patients,
  blocks: {
    clinical: featureTable(patients, [
      column('age', 40, 50, 60, 70, Number.NaN, 99),
      column('her2', 1, 0, 1, 0, 0, 1),
    ]),
  },
  endpoints: {
    pcr: {
      id: 'pcr',
      title: 'pCR',
      positiveName: 'pCR',
      negativeName: 'non-pCR',
      // The last patient has no label and does not count.
      labels: Int8Array.of(1, 1, 0, 0, 0, -1),
    },
  },
  notices: [],
  excluded: [],
  inputs: [],
};

it('counts, quartiles, differences and missing values of labelled patients', () => {
  const [age, her2] = tableOne(cohort);
  expect(age).toMatchObject({
    variable: 'age',
    summary: 'median [quartiles]',
    all: '55 [47.5 to 62.5]',
    positive: '45 [42.5 to 47.5]',
    negative: '65 [62.5 to 67.5]',
    missing: 1,
  });
  // Means 45 and 65, both variances 25.
  expect(age.difference).toBeCloseTo(-4, 12);
  expect(her2).toMatchObject({
    summary: 'n (%)',
    all: '2 (40%)',
    positive: '1 (50%)',
    negative: '1 (33%)',
    missing: 0,
  });
  expect(her2.difference).toBeCloseTo((1 / 2 - 1 / 3) / Math.sqrt((1 / 4 + 2 / 9) / 2), 12);
});

it('a variable that never varies has no difference', () => {
  expect(standardisedDifference([1, 1], [1, 1, 1])).toBeNaN();
});

it('names what is not there', () => {
  expect(() => tableOne(cohort, { endpoint: 'pcrr' })).toThrow('pcr');
  expect(() => tableOne(cohort, { block: 'radiomics' })).toThrow('no block radiomics');
});
