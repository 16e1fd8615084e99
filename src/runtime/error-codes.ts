import { cohortErrors } from './error-codes/cohort.ts';
import { deepErrors } from './error-codes/deep.ts';
import { evaluationErrors } from './error-codes/evaluation.ts';
import { featuresErrors } from './error-codes/features.ts';
import { imagingErrors } from './error-codes/imaging.ts';
import { learningErrors } from './error-codes/learning.ts';
import { notebookErrors } from './error-codes/notebook.ts';
import { radiomicsErrors } from './error-codes/radiomics.ts';
import { reportErrors } from './error-codes/report.ts';
import { runtimeErrors } from './error-codes/runtime.ts';
import { studyErrors } from './error-codes/study.ts';
import { tableErrors } from './error-codes/table.ts';

/**
 * All codes of `NacreError`, by the folder that first throws them. A new error reuses a code that fits, or adds one to the file
 * of its folder; `npm run docs:errors` then writes `docs/errors.md` again.
 */
export const errorCatalogue = {
  runtime: runtimeErrors,
  table: tableErrors,
  imaging: imagingErrors,
  radiomics: radiomicsErrors,
  deep: deepErrors,
  cohort: cohortErrors,
  features: featuresErrors,
  learning: learningErrors,
  evaluation: evaluationErrors,
  study: studyErrors,
  report: reportErrors,
  notebook: notebookErrors,
} as const;

type Catalogue = typeof errorCatalogue;

/** Every code that a `NacreError` can have. */
export type ErrorCode = { [Room in keyof Catalogue]: keyof Catalogue[Room] }[keyof Catalogue];
