import { isResampled, type StudyDesign } from '../evaluation/design.ts';
import {
  type HeldOutGroup,
  heldOutComparison,
  heldOutEstimates,
} from '../evaluation/held-out-estimates.ts';
import { type MetricName, type Metrics, metricNames } from '../evaluation/metrics.ts';
import { leastP } from '../evaluation/p-values.ts';
import { meanAndSd, resampledInterval, resampledTest } from '../evaluation/resampled-t.ts';
import { RandomStream } from '../runtime/random-stream.ts';
import { mean } from '../table/mean.ts';
import type { Interval } from './results.ts';

/** One tested partition: counts, metrics, and the test rows with their predictions. */
export interface TestedPartition {
  train: { patients: number; positives: number };
  test: { patients: number; positives: number };
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
    const patients = patientsOf(partitions[0]);
    return byMetric((metric) =>
      resampledInterval(valuesOf(metric), testToTrain(partitions), { metric, patients }),
    );
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
    return resampledTest(valuesOf(a), valuesOf(b), testToTrain(a.partitions), {
      metric,
      patients: patientsOf(a.partitions[0]),
    });
  }
  const groupsOf = (one: typeof a) => one.partitions.map(({ heldOut }) => heldOut);
  const stream = RandomStream.of(seed, 'held-out', endpoint, a.id, b.id, metric);
  const compared = heldOutComparison(metric, groupsOf(a), groupsOf(b), stream);
  return { ...compared, p: compared.p === null ? null : Math.max(leastP, compared.p) };
}

/** Patients by class: each is in training or held out in a partition. */
function patientsOf({ train, test }: TestedPartition) {
  const positives = train.positives + test.positives;
  return { positives, negatives: train.patients + test.patients - positives };
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
  return mean(ratios);
}
