// The room of evaluation: partitions, metrics, corrected intervals and comparisons, audits.

import '../machine/xgboost/provide-native.ts';

export { type Icc, type IccEstimate, type IccForm, icc } from '../learning/icc.ts';
export { evaluateParquet } from '../machine/evaluate-parquet.ts';
export * from '../runtime/index.ts';
export { type Audit, auditPermutedLabels, describeAudit } from './audit.ts';
export { benjaminiHochberg } from './benjamini-hochberg.ts';
export { type DeLongAuc, type DeLongTest, delong, delongTest } from './delong.ts';
export { evaluatePartition, type PartitionOutcome } from './evaluate-partition.ts';
export {
  comparePredictions,
  evaluatePredictions,
  type ModelComparison,
  type PredictionsEvaluation,
} from './evaluate-predictions.ts';
export { constantAnswerScore, type FairnessScore, fairnessScore } from './fairness-score.ts';
export { holm } from './holm.ts';
export { type McNemar, mcnemar } from './mcnemar.ts';
export { type MetricName, type Metrics, metricNames, metricsAt } from './metrics.ts';
export { stratifiedPartitions } from './partitions.ts';
export { type Recalibrated, recalibrated } from './recalibrated.ts';
export { type Recalibration, recalibration } from './recalibration.ts';
export { resampledInterval, resampledTest } from './resampled-t.ts';
export { demonstrateSelectionLeak, type SelectionLeak } from './selection-leak.ts';
export { singleTestRange } from './single-test-range.ts';
export { selectionStability } from './stability.ts';
