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
  'features-lost': {
    when: 'A region has no value for more than a tenth of its features. Its row is written.',
    todo: 'Check the region and the settings: bin width, filters, resampling.',
  },
  'column-empty': {
    when: 'Columns have no value in any case of a batch.',
    todo: 'Check the settings: they ask for features that these scans cannot give.',
  },
  'unit-lost': {
    when: 'A result that was in the cache is gone.',
    todo: 'Run the same command again.',
  },
} as const satisfies ErrorCatalogue;
