/** Parts of a manifest that tests lay their own parts over. */

/** Head of a manifest of a cohort that is made for a test. */
export const manifestHead = {
  format: 'nacre-cohort-1',
  title: 'Made for a test',
  citation: 'none',
  licence: 'none',
  synthetic: true,
};

/** The patient table `clinical.csv`, by `id`. */
export function clinicalTable(columns: object) {
  return {
    id: 'clinical',
    file: 'clinical.csv',
    format: 'csv',
    patient: { column: 'id' },
    columns,
  };
}

/** Complete response, measured after treatment. */
export const pcrColumn = {
  name: 'pcr',
  type: 'binary',
  meaning: 'Complete response',
  measured: 'after',
  coding: { 0: 'no', 1: 'yes' },
};

/** An endpoint that is the column `pcr`. */
export const pcrEndpoint = {
  rule: 'column',
  title: 'pCR',
  positiveName: 'pCR',
  negativeName: 'non-pCR',
  column: 'pcr',
  positive: ['1'],
  negative: ['0'],
};
