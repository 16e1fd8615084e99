import type { ErrorCatalogue } from './catalogue.ts';

/** Notebooks and their kernel. */
export const notebookErrors = {
  'notebook-broken': {
    when: 'A file is not an nbformat 4 notebook.',
    todo: 'Open and save it with JupyterLab 4.',
  },
  'cell-failed': { when: 'A cell threw an error.', todo: 'Correct the cell.' },
  'cell-timeout': { when: 'A cell did not end in time.', todo: 'Raise --timeout.' },
  'kernel-died': {
    when: 'The kernel ended while a cell ran.',
    todo: 'See its last output in the message.',
  },
  'kernel-silent': {
    when: 'The kernel does not answer.',
    todo: 'Run `nacre kernel install` again.',
  },
  'no-kernel': {
    when: 'Comms were asked for outside a notebook.',
    todo: 'Run the code in a cell of a notebook.',
  },
  'no-output-file': {
    when: 'A notebook with other parameters needs a file of its own.',
    todo: 'Use --out or --out-dir.',
  },
  'name-taken': { when: 'Two pages of a site would have one name.', todo: 'Rename one notebook.' },
} as const satisfies ErrorCatalogue;
