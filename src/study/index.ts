// The room of studies: from a configuration to a run folder, and back from a number to its inputs.

export { type ExtractCohortOptions, extractCohort } from '../features/extract-cohort.ts';
export { type Extraction, type ExtractionChoice, extraction } from '../features/extraction.ts';
export * from '../runtime/index.ts';
export { readStudyConfig, type StudyConfig } from './config.ts';
export { evaluateModel, type ModelEvaluation } from './evaluate-model.ts';
export { readTrainedModel, type TrainedModel } from './model-file.ts';
export { type OpenedPartition, openPartition } from './open-partition.ts';
export { labelledTable, type OpenedStudy, openStudy } from './open-study.ts';
export { type CohortPredictions, predictCohort } from './predict-cohort.ts';
export { type NewPatient, predictPatient } from './predict-patient.ts';
export { prepareCohort } from './prepare-cohort.ts';
export { type Reproduction, reproduce } from './reproduce.ts';
export type { StudyResults } from './results.ts';
export { type Run, readRun } from './run-folder.ts';
export { type RunStudyOptions, runStudy } from './run-study.ts';
export { type SiteEffect, siteEffects } from './site-effects.ts';
export { type Trace, traceNumber } from './trace.ts';
export { trainModel } from './train-model.ts';
export { type TrainingPatients, trainingPatients } from './training-patients.ts';
