import { isResampled } from '../evaluation/design.ts';
import { type FairnessScore, fairnessScore } from '../evaluation/fairness-score.ts';
import type { HeldOutGroup } from '../evaluation/held-out-estimates.ts';
import { type Confusion, confusionAt, metricsAt } from '../evaluation/metrics.ts';
import type { SubgroupResults } from './results.ts';
import type { SubgroupVariable } from './subgroup-levels.ts';
import {
  type SummaryOptions,
  summarisePartitions,
  type TestedPartition,
} from './summarise-partitions.ts';

/** A tested partition with the numbers of its test rows among the labelled patients. */
export interface TestedRows extends TestedPartition {
  rows: readonly number[];
}

/** Smallest share of partitions in which a subgroup must be measurable for a number to be given. */
const leastShare = 0.5;
/** Fewest patients of a class: with fewer, all draws of test rows are the same few people. */
const fewestOfClass = 5;

/**
 * Every metric of a set by the levels of each variable, on the test rows of the partitions alone. A level is measured in a partition
 * where its test rows hold both classes (two of each, where each patient is tested once); it gets numbers where that is so in at
 * least half of the partitions, and at least five patients of each class are in it.
 */
export function subgroupResults(
  partitions: readonly TestedRows[],
  labels: Uint8Array,
  variables: readonly SubgroupVariable[],
  featureSet: string,
  options: SummaryOptions,
): SubgroupResults[] {
  return variables.map(({ column, title, levels, levelOf }) => ({
    column,
    title,
    levels: levels.map((name, level) => {
      const inLevel = Array.from(labels.keys()).filter((row) => levelOf[row] === level);
      const positives = inLevel.filter((row) => labels[row] === 1).length;
      const whole = { patients: inLevel.length, positives };
      const parts = partitions.map((partition) =>
        ofLevel(
          whole,
          partOf(partition, (row) => levelOf[row] === level),
        ),
      );
      const measured = parts.flatMap((part) => asTested(part, isResampled(options.design) ? 1 : 2));
      const enough =
        measured.length >= Math.max(1, leastShare * partitions.length) &&
        Math.min(positives, inLevel.length - positives) >= fewestOfClass;
      return {
        name,
        patients: inLevel.length,
        positives,
        tested:
          parts.reduce((sum, { heldOut }) => sum + heldOut.labels.length, 0) / partitions.length,
        partitions: measured.length,
        summary: enough
          ? summarisePartitions(measured, `${featureSet}~${column}~${name}`, options)
          : null,
      };
    }),
    missing: Array.from(levelOf).filter((level) => level < 0).length,
  }));
}

/** Variables of the challenge, by the names that manifests give them. */
const ofChallenge = /^age(_|$)|menopaus|densit/;

/**
 * The MAMA-MIA challenge's score over the test rows of all partitions together; undefined where the study breaks nothing down by age,
 * menopause or density.
 */
export function fairnessOf(
  partitions: readonly TestedRows[],
  variables: readonly SubgroupVariable[],
): FairnessScore | undefined {
  const chosen = variables.filter(({ column }) => ofChallenge.test(column));
  if (chosen.length === 0) return undefined;
  const count = (keep: (row: number) => boolean) =>
    partitions
      .map((partition) => partOf(partition, keep).heldOut)
      .map((part) => confusionOf(part))
      .reduce(sumOf, { truePositive: 0, falsePositive: 0, trueNegative: 0, falseNegative: 0 });
  return fairnessScore(
    count(() => true),
    chosen.map(({ column, levels, levelOf }) => ({
      variable: column,
      levels: levels.map((_, level) => count((row) => levelOf[row] === level)),
    })),
  );
}

/** The counts of a level alone: the interval must know how few patients it rests on. */
function ofLevel(whole: TestedPartition['test'], part: Part): Part {
  const { labels } = part.heldOut;
  const positives = Array.from(labels).filter((label) => label === 1).length;
  return {
    ...part,
    test: { patients: labels.length, positives },
    train: { patients: whole.patients - labels.length, positives: whole.positives - positives },
  };
}

interface Part extends Omit<TestedPartition, 'metrics'> {
  heldOut: HeldOutGroup;
}

function partOf({ rows, heldOut, train, test }: TestedRows, keep: (row: number) => boolean): Part {
  const kept = [...rows.keys()].filter((at) => keep(rows[at]));
  return {
    train,
    test,
    heldOut: {
      labels: kept.map((at) => heldOut.labels[at]),
      probabilities: kept.map((at) => heldOut.probabilities[at]),
      threshold: heldOut.threshold,
    },
  };
}

/** The part as a test set of its own, where it holds at least so many of each class. */
function asTested(part: Part, least: number): TestedPartition[] {
  const { labels, probabilities, threshold } = part.heldOut;
  const positives = Array.from(labels).filter((label) => label === 1).length;
  const { train } = part;
  if (positives < least || labels.length - positives < least || train.patients === 0) return [];
  return [{ ...part, metrics: metricsAt(labels, probabilities, threshold) }];
}

function confusionOf({ labels, probabilities, threshold }: HeldOutGroup): Confusion {
  if (labels.length === 0) {
    return { truePositive: 0, falsePositive: 0, trueNegative: 0, falseNegative: 0 };
  }
  return confusionAt(labels, probabilities, threshold);
}

function sumOf(a: Confusion, b: Confusion): Confusion {
  return {
    truePositive: a.truePositive + b.truePositive,
    falsePositive: a.falsePositive + b.falsePositive,
    trueNegative: a.trueNegative + b.trueNegative,
    falseNegative: a.falseNegative + b.falseNegative,
  };
}
