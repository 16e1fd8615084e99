import type { LogisticChoice } from '../learning/logistic/logistic-settings.ts';
import {
  type FittedPipeline,
  type PickedFeature,
  Pipeline,
  type PipelineConfig,
} from '../learning/pipeline.ts';
import type { Redraws } from '../learning/redraws.ts';
import type { RowSites } from '../learning/row-sites.ts';
import { type HeldOutRows, type Partition, splitRows } from '../learning/rows.ts';
import { RandomStream } from '../runtime/random-stream.ts';
import type { FeatureTable } from '../table/feature-table.ts';
import { type Explanation, explain } from './explain.ts';
import { type Confusion, confusionAt, type Metrics, metricsAt } from './metrics.ts';

/** Result of one partition of one feature set; plain data, so that it travels between threads and into files. */
export interface PartitionOutcome {
  index: number;
  seed: number;
  /** The group, fold or split that was held out, where the design names one. */
  name?: string | undefined;
  train: { patients: number; positives: number };
  test: { patients: number; positives: number };
  metrics: Metrics;
  confusion: Confusion;
  /** Class 1 is predicted at and above it; chosen on training rows. */
  threshold: number;
  /** Booster parameters chosen on training rows; empty for a logistic regression. */
  booster: Record<string, number>;
  /** Penalty and strength of a logistic regression, chosen on training rows. */
  logistic?: LogisticChoice;
  /** Final features, best first, with their importance (see `PickedFeature`). */
  selected: PickedFeature[];
  /** One a test row, in the order of `partition.test`. */
  probabilities: number[];
  /** What moved them; only where it was asked for. */
  explanation?: Explanation | undefined;
}

/** How a partition is evaluated. */
export interface EvaluationOptions {
  config: PipelineConfig;
  /** Seed of the study; the random stream is named by it, the partition and `name`. */
  seed: number;
  /** Name of the unit (endpoint and feature set), so that no two units share random numbers. */
  name: string;
  /** Also explains the predictions of the test rows. Default false. */
  explained?: boolean | undefined;
  /** Site and covariates per row of the table, where the pipeline harmonises. */
  sites?: RowSites | undefined;
  /** Of all patients of the table; the pipeline is given those of training rows. */
  redraws?: Redraws | undefined;
}

/**
 * Fits the whole pipeline on the training rows of one partition and measures it on the test rows.
 * The pipeline never holds the test rows (see `TrainingRows`), and the test labels go to the metrics alone.
 *
 * @param table candidates, a row a labelled patient
 * @param labels 0 or 1 a row
 */
export async function evaluatePartition(
  table: FeatureTable,
  labels: Uint8Array,
  partition: Partition,
  { config, seed, name, explained, sites, redraws }: EvaluationOptions,
): Promise<PartitionOutcome> {
  const { train, test, testLabels } = splitRows(table, labels, partition, { sites, redraws });
  const stream = RandomStream.of(seed, 'fit', name, partition.index);
  const fitted = await new Pipeline(config).fit(train, stream);
  return resultOf(fitted, partition, train.labels, { test, testLabels, explained });
}

/** What is reported of a fitted pipeline: measured on the test rows of its partition and, where asked for, explained there. */
export function resultOf(
  fitted: FittedPipeline,
  partition: Partition,
  trainLabels: Uint8Array,
  held: { test: HeldOutRows; testLabels: Uint8Array; explained: boolean | undefined },
): PartitionOutcome {
  const { test, testLabels, explained } = held;
  const outcome = outcomeOf(fitted, partition, trainLabels, test, testLabels);
  return explained ? { ...outcome, explanation: explain(fitted, test) } : outcome;
}

/** Measures a fitted pipeline on the test rows of its partition. */
export function outcomeOf(
  fitted: FittedPipeline,
  partition: Partition,
  trainLabels: Uint8Array,
  test: HeldOutRows,
  testLabels: Uint8Array,
): PartitionOutcome {
  const probabilities = fitted.predictProbability(test);
  return {
    index: partition.index,
    seed: partition.seed,
    ...(partition.name === undefined ? {} : { name: partition.name }),
    train: { patients: trainLabels.length, positives: countOnes(trainLabels) },
    test: { patients: testLabels.length, positives: countOnes(testLabels) },
    metrics: metricsAt(testLabels, probabilities, fitted.threshold),
    confusion: confusionAt(testLabels, probabilities, fitted.threshold),
    threshold: fitted.threshold,
    booster: fitted.booster,
    ...(fitted.logistic === undefined ? {} : { logistic: fitted.logistic }),
    selected: fitted.selected.map((picked) => ({ ...picked })),
    probabilities: Array.from(probabilities),
  };
}

function countOnes(labels: Uint8Array): number {
  let ones = 0;
  for (const label of labels) ones += label;
  return ones;
}
