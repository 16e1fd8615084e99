import type { ErrorCatalogue } from './catalogue.ts';

/** Tables of any kind: CSV, Excel, Parquet, feature tables. */
export const tableErrors = {
  'bad-table': {
    when: 'A table cannot be read, is empty, or has rows of unequal length.',
    todo: 'Correct the row that the message names, or save the table again.',
  },
  'duplicate-column': {
    when: 'Two columns have one title.',
    todo: 'Rename or remove one of them.',
  },
  'missing-column': {
    when: 'A table lacks a column that is needed.',
    todo: 'Add the column, or correct its name.',
  },
  'duplicate-patient': {
    when: 'One patient has two rows where one is expected.',
    todo: 'Remove or merge the rows.',
  },
  'ambiguous-id': {
    when: 'Two ids seem to be one patient: they differ by leading zeros, case, blanks, Unicode form or .0 alone.',
    todo: 'Correct one of them, or make them alike by `patient.match` and `patient.as`.',
  },
  'not-a-number': {
    when: 'A value that must be a number is not one.',
    todo: 'Correct the cell, or declare the text as missing.',
  },
  'infinite-value': {
    when: 'A value is infinite.',
    todo: 'Correct the cell; leave it empty where the value is missing.',
  },
  'table-shape': {
    when: 'Parts of a table differ in length or in columns.',
    todo: 'Pass columns and labels of the same rows.',
  },
  'no-common-patients': {
    when: 'Two tables, or a table and the cohort, share no patient.',
    todo: 'Compare how the two sides write patient ids.',
  },
} as const satisfies ErrorCatalogue;
