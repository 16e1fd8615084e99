import tQuantile from '@stdlib/stats-base-dists-t-quantile';
import { rocAuc } from '../../src/evaluation/metrics.ts';
import { stratifiedPartitions } from '../../src/evaluation/partitions.ts';
import { meanAndSd, resampledInterval } from '../../src/evaluation/resampled-t.ts';
import { logitInterval } from '../../src/evaluation/share-interval.ts';
import type { Partition } from '../../src/learning/rows.ts';
import { RandomStream } from '../../src/runtime/random-stream.ts';
import { type Cell, labelsOf, type ScoreKind } from './cell.ts';
import { knownScore, learn, scoreOf } from './linear-score.ts';
import { drawValues, type Reached, truthOf } from './truth.ts';

export const measured = ['auc', 'balancedAccuracy'] as const;
export type Measured = (typeof measured)[number];

/** The rules compared: the one before, the logit scale alone, and ours. */
export const rules = ['wald', 'logit', 'ours'] as const;
export type Rule = (typeof rules)[number];

/** Shares of the cohorts, 0 to 1, and mean lengths. */
export interface Coverage {
  cell: Cell;
  truth: Reached;
  covered: Record<Measured, Record<Rule, number>>;
  /** Intervals of the rule before that leave [0, 1]. */
  outside: number;
  length: Record<Measured, Record<Rule, number>>;
}

/** Draws of the partitions; cohorts take them in turn, since patients are exchangeable within a class. */
const partitionDraws = 20;

/** How often the intervals of ten 80/20 partitions cover what the procedure reaches. */
export function coverageOf(cell: Cell, score: ScoreKind, cohorts: number, seed: number): Coverage {
  const labels = labelsOf(cell);
  const draws = Array.from({ length: partitionDraws }, (_, draw) =>
    stratifiedPartitions(labels, { seed: 1000 * draw }),
  );
  const truth = truthOf(cell, score, draws[0][0].train);
  const { distance } = truth;
  const features = score === 'known' ? 1 : score;
  const stream = RandomStream.of(
    seed,
    'cohorts',
    cell.patients,
    100 * cell.auc,
    cell.imbalance,
    score,
  );
  const covered = zeros();
  const length = zeros();
  let outside = 0;
  for (let cohort = 0; cohort < cohorts; cohort++) {
    const values = drawValues(labels, { distance, features }, stream);
    const reached = draws[cohort % partitionDraws].map((partition) =>
      tested(values, labels, partition, score === 'known' ? knownScore(distance) : undefined),
    );
    for (const metric of measured) {
      const bounds = intervals(
        reached.map((one) => one[metric]),
        metric,
        labels,
        draws[0][0],
      );
      if (bounds.wald.low < 0 || bounds.wald.high > 1) outside += 1 / cohorts / measured.length;
      for (const rule of rules) {
        const { low, high } = bounds[rule];
        if (low <= truth[metric] && truth[metric] <= high) covered[metric][rule] += 1 / cohorts;
        length[metric][rule] += (high - low) / cohorts;
      }
    }
  }
  return { cell, truth, covered, outside, length };
}

function tested(
  values: Float64Array,
  labels: Uint8Array,
  { train, test }: Partition,
  known: ReturnType<typeof knownScore> | undefined,
): Reached {
  const score = known ?? learn(values, labels, train);
  const scores = test.map((row) => scoreOf(score, values, row));
  const outcomes = test.map((row) => labels[row]);
  const right = [0, 0];
  const counts = [0, 0];
  scores.forEach((value, i) => {
    counts[outcomes[i]]++;
    if (Number(value >= score.threshold) === outcomes[i]) right[outcomes[i]]++;
  });
  return {
    auc: rocAuc(outcomes, scores),
    balancedAccuracy: (right[0] / counts[0] + right[1] / counts[1]) / 2,
  };
}

function intervals(
  values: readonly number[],
  metric: Measured,
  labels: Uint8Array,
  { train, test }: Partition,
): Record<Rule, { low: number; high: number }> {
  const ratio = test.length / train.length;
  const { mean, sd } = meanAndSd(values);
  const error = Math.sqrt(1 / values.length + ratio) * sd;
  const quantile = tQuantile(0.975, values.length - 1);
  const positives = labels.reduce((sum, label) => sum + label, 0);
  const patients = { positives, negatives: labels.length - positives };
  const ours = resampledInterval(values, ratio, { metric, patients });
  const interior = error > 1e-12 && mean > 0 && mean < 1;
  return {
    wald: { low: mean - quantile * error, high: mean + quantile * error },
    // With the fallback of ours where it has no value.
    logit: interior ? logitInterval(mean, error, quantile) : ours,
    ours,
  };
}

function zeros(): Coverage['covered'] {
  return {
    auc: { wald: 0, logit: 0, ours: 0 },
    balancedAccuracy: { wald: 0, logit: 0, ours: 0 },
  };
}
