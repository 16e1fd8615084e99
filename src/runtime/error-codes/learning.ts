import type { ErrorCatalogue } from './catalogue.ts';

/** Models and steps that are fitted on training rows. */
export const learningErrors = {
  'bad-labels': {
    when: 'Labels are not 0 and 1, or not as many as rows.',
    todo: 'Pass one label per row.',
  },
  'bad-partition': {
    when: 'A partition does not fit the table.',
    todo: 'Use the partition that was made for this table.',
  },
  'one-class': {
    when: 'All rows have the same outcome, where two classes are needed.',
    todo: 'Check the endpoint, or add patients.',
  },
  'too-few-of-a-class': {
    when: 'A class has too few patients for the folds or partitions.',
    todo: 'Use fewer of them, or add patients.',
  },
  'no-features': {
    when: 'No feature is left to work with.',
    todo: 'Check the ignore list, the filters and the missing values.',
  },
  'missing-values': {
    when: 'A step needs complete columns and met a missing value.',
    todo: 'Impute first.',
  },
  'out-of-float32': {
    when: 'A feature is too large for the booster, which works in 32-bit floats.',
    todo: 'Rescale or remove the feature.',
  },
  'no-redraws': {
    when: 'A filter for stability under redrawn outlines got features without redraws.',
    todo: 'Add `perturb` to the study, or leave the filter out.',
  },
  'needs-whole-table': {
    when: 'A setting needs all columns at once and got them in groups.',
    todo: 'Fit on the whole table.',
  },
  'no-convergence': {
    when: 'A logistic regression did not reach its minimum.',
    todo: 'Scale the columns, or try stronger penalties.',
  },
  'booster-failed': {
    when: 'The booster did not grow what was asked for, or refused the fit.',
    todo: 'See its own words in the message.',
  },
  'booster-unavailable': {
    when: 'No usable booster is installed.',
    todo: 'Install XGBoost, or use ml-xgboost.',
  },
  'bad-library': {
    when: 'The library that NACRE_XGBOOST_LIB names cannot be used.',
    todo: 'Correct the variable.',
  },
  'missing-sites': {
    when: 'A pipeline harmonises, and the rows come without their sites.',
    todo: 'Pass `{ sites }` to `splitRows` or `rowsToPredict`; a study takes them from the manifest.',
  },
  'unknown-site': {
    when: 'A row belongs to a site of which harmonisation saw fewer than two training rows.',
    todo: 'Set `harmonise.unknownSite: pass`, or leave harmonise out.',
  },
  'too-few-sites': {
    when: 'Fewer than two sites have two training rows.',
    todo: 'Leave `harmonise` out, or name another column.',
  },
  'confounded-site': {
    when: 'A covariate that harmonisation should preserve is determined by the site.',
    todo: 'Leave it out of `harmonise.covariates`.',
  },
} as const satisfies ErrorCatalogue;
