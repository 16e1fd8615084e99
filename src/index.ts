// The face of nacre: what a notebook imports, grouped by folder, and nothing else.

// cohort
export { type CohortCheck, checkCohort } from './cohort/check.ts';
export type { Cohort, Endpoint } from './cohort/cohort.ts';
export { type FetchedCohort, fetchCohort } from './cohort/fetch.ts';
export { type LoadCohortOptions, loadCohort } from './cohort/load-cohort.ts';
export { type Manifest, manifestJsonSchema } from './cohort/manifest.ts';
export { readManifest } from './cohort/read-manifest.ts';
export { type SyntheticTableOptions, syntheticTable } from './cohort/synthetic-table.ts';
export { type TableOneRow, tableOne } from './cohort/table-one.ts';
// deep
export { architecture } from './deep/architecture.ts';
export { type DeepInput, deepInput } from './deep/deep-input.ts';
export { type DeepFeatures, type Encoding, ResNetEncoder } from './deep/encoder.ts';
export { convertModel } from './deep/models/convert-model.ts';
export { fetchModel, listModels } from './deep/models/model-store.ts';
export { writeRandomNetwork } from './deep/models/random-network.ts';
export { layerMultiplications } from './deep/multiplications.ts';
export { type Preprocessing, preprocessingPresets } from './deep/preprocessing.ts';
export { occlusionSaliency } from './deep/saliency.ts';
export { readStateDict } from './deep/state-dict.ts';
// evaluation
export { type Audit, auditPermutedLabels, describeAudit } from './evaluation/audit.ts';
export { evaluateParquet } from './evaluation/evaluate-parquet.ts';
export { evaluatePartition, type PartitionOutcome } from './evaluation/evaluate-partition.ts';
export { type MetricName, type Metrics, metricNames, metricsAt } from './evaluation/metrics.ts';
export { stratifiedPartitions } from './evaluation/partitions.ts';
export { type Recalibration, recalibration } from './evaluation/recalibration.ts';
export { resampledInterval, resampledTest } from './evaluation/resampled-t.ts';
export { demonstrateSelectionLeak, type SelectionLeak } from './evaluation/selection-leak.ts';
export { selectionStability } from './evaluation/stability.ts';
// imaging
export { bodyMask } from './imaging/body.ts';
export { peritumoralRing } from './imaging/peritumoral-ring.ts';
export { readRegions } from './imaging/read-regions.ts';
export { readMask, readMasks, readVolume } from './imaging/read-volume.ts';
export { resample } from './imaging/resample.ts';
export { tumourRegions } from './imaging/tumour-regions.ts';
export type { Geometry, Mask, Volume } from './imaging/volume.ts';
export { writeNifti } from './imaging/write-nifti.ts';
export { Mrmr } from './learning/mrmr.ts';
export { type FittedPipeline, Pipeline, type PipelineConfig } from './learning/pipeline.ts';
export { HeldOutRows, type Partition, splitRows, TrainingRows } from './learning/rows.ts';
// learning
export { loadBooster } from './learning/xgboost/load-booster.ts';
// notebook
export { cohortFrame } from './notebook/cohort-frame.ts';
export { featureFormulas } from './notebook/feature-formulas.ts';
export { resultsFrame } from './notebook/results-frame.ts';
export { type NotebookRun, type RunNotebookOptions, runNotebook } from './notebook/run-notebook.ts';
export { type SampleScan, sampleScan } from './notebook/sample-scan.ts';
export { show } from './notebook/show.ts';
export { type SyntheticScan, syntheticScan } from './notebook/synthetic-scan.ts';
// radiomics
export { discretise } from './radiomics/discretisation.ts';
export {
  type ExtractedFeatures,
  type FailedRegion,
  RadiomicsExtractor,
} from './radiomics/extractor.ts';
export { featureDefinitions } from './radiomics/feature-definitions.ts';
export {
  type ParameterFile,
  type RadiomicsSettings,
  radiomicsSettings,
  readParameterFile,
} from './radiomics/parameter-file.ts';
export { regionOfInterest } from './radiomics/region-of-interest.ts';
// report
export type { Figure } from './report/figure.ts';
export { figures } from './report/figures.ts';
export { type OpenedRun, openRun } from './report/open-run.ts';
export { type TableRow, tables } from './report/tables.ts';
export { type WrittenReport, writeReport } from './report/write-report.ts';
// runtime
export { NacreError } from './runtime/errors.ts';
export { RandomStream } from './runtime/random-stream.ts';
export { readStudyConfig, type StudyConfig } from './study/config.ts';
// study
export { readTrainedModel, type TrainedModel } from './study/model-file.ts';
export { type OpenedPartition, openPartition } from './study/open-partition.ts';
export { labelledTable, type OpenedStudy, openStudy } from './study/open-study.ts';
export { type NewPatient, predictPatient } from './study/predict-patient.ts';
export { prepareCohort } from './study/prepare-cohort.ts';
export { type Reproduction, reproduce } from './study/reproduce.ts';
export type { StudyResults } from './study/results.ts';
export { type Run, readRun } from './study/run-folder.ts';
export { type RunStudyOptions, runStudy } from './study/run-study.ts';
export { type Trace, traceNumber } from './study/trace.ts';
export { trainModel } from './study/train-model.ts';
// table
export { type FeatureColumn, type FeatureTable, featureTable } from './table/feature-table.ts';
export { joinTables, selectRows } from './table/join-tables.ts';
export { readParquet, writeParquet } from './table/parquet.ts';
export { openParquet, type StoredTable } from './table/parquet-columns.ts';
