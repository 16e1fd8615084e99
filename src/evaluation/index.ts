// The room of evaluation: partitions, metrics, corrected intervals and comparisons, audits.

export * from '../runtime/index.ts';
export { type Audit, auditPermutedLabels, describeAudit } from './audit.ts';
export { evaluateParquet } from './evaluate-parquet.ts';
export { evaluatePartition, type PartitionOutcome } from './evaluate-partition.ts';
export { type MetricName, type Metrics, metricNames, metricsAt } from './metrics.ts';
export { stratifiedPartitions } from './partitions.ts';
export { type Recalibration, recalibration } from './recalibration.ts';
export { resampledInterval, resampledTest } from './resampled-t.ts';
export { demonstrateSelectionLeak, type SelectionLeak } from './selection-leak.ts';
export { selectionStability } from './stability.ts';
