// What runs in a page: readers of bytes, regions, radiomics, filters, tables, learning and evaluation. Published as
// nacre/browser, one file without imports.

export { benjaminiHochberg } from '../evaluation/benjamini-hochberg.ts';
export { type DeLongAuc, type DeLongTest, delong, delongTest } from '../evaluation/delong.ts';
export { evaluatePartition, type PartitionOutcome } from '../evaluation/evaluate-partition.ts';
export {
  comparePredictions,
  evaluatePredictions,
  type ModelComparison,
  type PredictionsEvaluation,
} from '../evaluation/evaluate-predictions.ts';
export { holm } from '../evaluation/holm.ts';
export { type McNemar, mcnemar } from '../evaluation/mcnemar.ts';
export { type MetricName, type Metrics, metricNames, metricsAt } from '../evaluation/metrics.ts';
export { stratifiedPartitions } from '../evaluation/partitions.ts';
export { resampledInterval, resampledTest } from '../evaluation/resampled-t.ts';
export { demonstrateSelectionLeak, type SelectionLeak } from '../evaluation/selection-leak.ts';
export { selectionStability } from '../evaluation/stability.ts';
export { bodyMask } from '../imaging/body.ts';
export type { NamedFile } from '../imaging/named-files.ts';
export { niftiBytes } from '../imaging/nifti-bytes.ts';
export { peritumoralRing } from '../imaging/peritumoral-ring.ts';
export {
  type PerturbedMask,
  type PerturbMaskOptions,
  perturbMask,
} from '../imaging/perturb/perturb-mask.ts';
export { regionVolume } from '../imaging/region-volume.ts';
export { resample } from '../imaging/resample.ts';
export { tumourRegions } from '../imaging/tumour-regions.ts';
export type { Geometry, Mask, Volume } from '../imaging/volume.ts';
export { type Icc, type IccEstimate, type IccForm, icc } from '../learning/icc.ts';
export { Mrmr } from '../learning/mrmr.ts';
export { type FittedPipeline, Pipeline, type PipelineConfig } from '../learning/pipeline.ts';
export { HeldOutRows, type Partition, splitRows, TrainingRows } from '../learning/rows.ts';
export type { ExtractedFeatures, FailedRegion } from '../radiomics/checked-extractor.ts';
export { discretise } from '../radiomics/discretisation.ts';
export { RadiomicsExtractor } from '../radiomics/extractor.ts';
export { featureDefinitions } from '../radiomics/feature-definitions.ts';
export { type FilterImageOptions, filterImage } from '../radiomics/filter-image.ts';
export type { IbsiConfiguration } from '../radiomics/ibsi-configuration-names.ts';
export { ibsiParameters } from '../radiomics/ibsi-configurations.ts';
export {
  type ParameterFile,
  parseParameterText,
  type RadiomicsSettings,
  radiomicsSettings,
} from '../radiomics/parameter-file.ts';
export { regionOfInterest } from '../radiomics/region-of-interest.ts';
export { VoxelMaps } from '../radiomics/voxel-maps.ts';
export type { VoxelSettings } from '../radiomics/voxel-settings.ts';
export * from '../runtime/index.ts';
export { csvOfTable } from '../table/csv.ts';
export { type FeatureColumn, type FeatureTable, featureTable } from '../table/feature-table.ts';
export { joinTables, selectRows } from '../table/join-tables.ts';
export { parquetOfTable } from '../table/parquet-bytes.ts';
export { tableOfParquet } from '../table/stored-table.ts';
export { summary, type TableSummary } from '../table/summary.ts';
export { filesOf, type PageFile, readRegions, readVolume } from './read-files.ts';
