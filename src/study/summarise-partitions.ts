import { isResampled, type StudyDesign } from '../evaluation/design.ts';
import {
  type HeldOutGroup,
  heldOutComparison,
  heldOutEstimates,
} from '../evaluation/held-out-estimates.ts';
import { type MetricName, type Metrics, metricNames } from '../evaluation/metrics.ts';
import { meanAndSd, resampledInterval, resampledTest } from '../evaluation/resampled-t.ts';
import { RandomStream } from '../runtime/random-stream.ts';
import type { Interval } from './results.ts';

/** One tested partition: counts, metrics, and the test rows with their predictions. */
export interface TestedPartition {
  train: { patients: number };
  test: { patients: number };
  metrics: Metrics;
  heldOut: HeldOutGroup;
}

/** What decides the statistics of a study. */
export interface SummaryOptions {
  design: StudyDesign;
  seed: number;
  endpoint: string;
}

/**
 * Every metric of a set over its partitions, by the statistics that are valid for the design: the corrected resampled t-test for
 * hold-outs and folds, whose rows overlap; DeLong, Wilson and bootstrap where each patient is tested once.
 */
export function summarisePartitions(
  partitions: readonly TestedPartition[],
  featureSet: string,
  { design, seed, endpoint }: SummaryOptions,
): Record<MetricName, Interval> {
  const valuesOf = (name: MetricName) => partitions.map(({ metrics }) => metrics[name]);
  if (isResampled(design)) {
    return byMetric((name) => resampledInterval(valuesOf(name), testToTrain(partitions)));
  }
  const stream = RandomStream.of(seed, 'held-out', endpoint, featureSet);
  const estimates = heldOutEstimates(
    partitions.map(({ heldOut }) => heldOut),
    stream,
  );
  return byMetric((name) => ({ ...estimates[name], sd: meanAndSd(valuesOf(name)).sd }));
}

/** A paired comparison of two sets on the same partitions. */
export function comparePartitions(
  metric: MetricName,
  a: { id: string; partitions: readonly TestedPartition[] },
  b: { id: string; partitions: readonly TestedPartition[] },
  { design, seed, endpoint }: SummaryOptions,
) {
  if (isResampled(design)) {
    const valuesOf = (one: typeof a) => one.partitions.map(({ metrics }) => metrics[metric]);
    return resampledTest(valuesOf(a), valuesOf(b), testToTrain(a.partitions));
  }
  const groupsOf = (one: typeof a) => one.partitions.map(({ heldOut }) => heldOut);
  const stream = RandomStream.of(seed, 'held-out', endpoint, a.id, b.id, metric);
  return heldOutComparison(metric, groupsOf(a), groupsOf(b), stream);
}

function byMetric<T>(measure: (name: MetricName) => T): Record<MetricName, T> {
  return Object.fromEntries(metricNames.map((name) => [name, measure(name)])) as Record<
    MetricName,
    T
  >;
}

/** Mean ratio: where rows belong together, the sides of partitions differ in size. */
function testToTrain(partitions: readonly TestedPartition[]): number {
  const ratios = partitions.map(({ train, test }) => test.patients / train.patients);
  // Equal ratios are taken as they are, so that their mean adds no rounding.
  if (ratios.every((ratio) => ratio === ratios[0])) return ratios[0];
  return ratios.reduce((sum, ratio) => sum + ratio, 0) / ratios.length;
}
