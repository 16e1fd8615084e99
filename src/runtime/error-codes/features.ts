import type { ErrorCatalogue } from './catalogue.ts';

/** Extraction over patients and cases. */
export const featuresErrors = {
  'bad-cell': {
    when: 'A cell of a batch file is empty or not a label.',
    todo: 'Correct the cell.',
  },
  'no-patients': {
    when: 'No patient of the cohort could be extracted.',
    todo: 'See the failures that the message counts.',
  },
  'unit-lost': {
    when: 'A result that was in the cache is gone.',
    todo: 'Run the same command again.',
  },
} as const satisfies ErrorCatalogue;
