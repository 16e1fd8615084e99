import type { PartitionOutcome } from '../evaluation/evaluate-partition.ts';
import type { MetricName } from '../evaluation/metrics.ts';
import type { Partition } from '../learning/rows.ts';
import { RandomStream } from '../runtime/random-stream.ts';
import { mean } from '../table/mean.ts';
import type { StudyConfig } from './config.ts';
import type { LearningCurvePoint } from './results.ts';
import type { Arm, Unit } from './units.ts';

/** Metrics that a learning curve shows. */
const shown: readonly MetricName[] = ['balancedAccuracy', 'auc'];

/** Units of the learning curve of one arm: every partition with fewer training rows, the test rows as they are. */
export function learningCurveUnits(
  arm: Arm,
  number: number,
  partitions: readonly Partition[],
  { learningCurve, seed }: Pick<StudyConfig, 'learningCurve' | 'seed'>,
): Unit[] {
  if (learningCurve === undefined) return [];
  if (!(learningCurve.sets?.includes(arm.featureSet) ?? true)) return [];
  return learningCurve.shares.flatMap((share) =>
    partitions.map((partition) => ({
      name: `${arm.endpoint}~${arm.featureSet}~share-${share.toFixed(3)}~${String(partition.index).padStart(3, '0')}`,
      arm: number,
      partition: { ...partition, train: shareOfTraining(partition, arm.labels, share, seed) },
      trainShare: share,
    })),
  );
}

/**
 * A share of the training rows, of each class, in their order. Smaller shares are part of larger ones, and all feature sets of an
 * endpoint get the same rows.
 */
export function shareOfTraining(
  { train, index }: Pick<Partition, 'train' | 'index'>,
  labels: ArrayLike<number>,
  share: number,
  seed: number,
): number[] {
  const kept = [0, 1].flatMap((label) => {
    const rows = train.filter((row) => labels[row] === label);
    const shuffled = RandomStream.of(seed, 'learning-curve', index, label).shuffled(rows);
    return Array.from(shuffled).slice(0, Math.max(1, Math.round(share * rows.length)));
  });
  return kept.sort((a, b) => a - b);
}

/** The points of one arm, fewest patients first; the last one is that of all training rows. */
export function learningCurveOf(
  done: readonly { unit: Unit; outcome: PartitionOutcome }[],
): LearningCurvePoint[] | undefined {
  const shares = [...new Set(done.flatMap(({ unit }) => unit.trainShare ?? []))];
  if (shares.length === 0) return undefined;
  const point = (share: number, outcomes: readonly PartitionOutcome[]): LearningCurvePoint => ({
    share,
    trainPatients: mean(outcomes.map(({ train }) => train.patients)),
    metrics: Object.fromEntries(
      shown.map((metric) => {
        const values = outcomes.map(({ metrics }) => metrics[metric]);
        return [metric, { mean: mean(values), values }];
      }),
    ) as LearningCurvePoint['metrics'],
  });
  const outcomesOf = (share: number | undefined) =>
    done
      .filter(({ unit }) => unit.permutedLabels === undefined && unit.trainShare === share)
      .map(({ outcome }) => outcome);
  return [
    ...shares.sort((a, b) => a - b).map((share) => point(share, outcomesOf(share))),
    point(1, outcomesOf(undefined)),
  ];
}
