import type { ErrorCatalogue } from './catalogue.ts';

/** Manifests, patients, clinical variables and endpoints. */
export const cohortErrors = {
  'not-fetched': {
    when: 'The files of a cohort are not on this machine.',
    todo: 'Run `nacre cohort fetch`, or name a local copy with --mirror.',
  },
  'nothing-to-fetch': {
    when: 'A manifest names no source to fetch from.',
    todo: 'Add `sources`, or put the files there yourself.',
  },
  'bad-id': {
    when: 'A patient id does not follow the rule of the manifest.',
    todo: 'Correct the id, or `patient.match`.',
  },
  'slow-pattern': {
    when: '`patient.match` takes too long on the ids of the table.',
    todo: 'Use a simpler pattern.',
  },
  'leaking-predictor': {
    when: 'A variable that was measured after treatment had started, or that an endpoint is made of, is used as a predictor or feature.',
    todo: 'Remove it from the predictors, or add it to `ignore` of the features block.',
  },
  'unknown-code': {
    when: 'A cell holds a code that the manifest does not explain.',
    todo: 'Correct the cell, or describe the code.',
  },
  'unknown-coding': {
    when: 'It is not plain which of the two texts of a binary column becomes 1.',
    todo: 'Add `coding` and `one` to the column in the manifest, as the message shows.',
  },
  'out-of-range': {
    when: 'A value lies outside the range of its column.',
    todo: 'Correct the cell or its unit, or the range in the manifest.',
  },
  'pseudonym-key': {
    when: 'The key of the pseudonyms is missing, unreadable or too short.',
    todo: 'Name a key file with --pseudonym-key.',
  },
  'bad-decision': {
    when: 'A decision on a mask (qc.csv) cannot be read, or an exclusion has no reason.',
    todo: 'Correct the cell, or decide again with `nacre cohort qc`.',
  },
  'review-key': {
    when: 'Decisions on masks name pseudonyms that belong to no patient under this key.',
    todo: 'Name the key of the review with --pseudonym-key.',
  },
  'edited-mask': {
    when: 'An edited mask is missing, or is not the file that was saved.',
    todo: 'Put it back, review the mask again, or remove its row from qc.csv.',
  },
  'archive-differs': {
    when: 'An archive holds other files, or other sizes, than its index or its service states.',
    todo: 'Use the index that the manifest was written for; look at what has changed.',
  },
  'archive-ambiguous': {
    when: 'The rule of an archive finds several series of a patient although it must find one.',
    todo: 'Make `description` narrower, or set `several`.',
  },
  'token-missing': {
    when: 'An archive asks for a personal token, and the environment variable that should hold it does not.',
    todo: 'Put the token into the variable that the message names.',
  },
  'token-refused': {
    when: 'An archive refuses the token: it has expired, or the account may not read the data.',
    todo: 'Make a new token, and accept the terms of the data set with that account.',
  },
  'disk-bound': {
    when: 'The scans of one patient alone are larger than the disk bound of a streamed extraction.',
    todo: 'Raise --disk.',
  },
  'no-clinical': { when: 'The cohort has no block of that name.', todo: 'Use one of its blocks.' },
} as const satisfies ErrorCatalogue;
