import { rowsBeside } from '../learning/stratified-folds.ts';
import { RandomStream } from '../runtime/random-stream.ts';
import { passesDespite } from './audit-power.ts';
import { type GroupValues, shuffledByGroup } from './grouped-labels.ts';
import { meanAndSd } from './resampled-t.ts';

/**
 * The evaluation that the audit runs: it takes labels and returns the mean balanced accuracy over its partitions.
 * It must do all that the study does (partition, select, fit, threshold), from the labels it is handed.
 */
export type Evaluator = (labels: Uint8Array, permutation: number) => Promise<number> | number;

export interface Audit {
  permutations: number;
  /** Mean balanced accuracy of each permutation, in order. */
  balancedAccuracy: number[];
  mean: number;
  /** Standard error of `mean` over permutations; null for one permutation. */
  standardError: number | null;
  /** `mean` − 0.5: what a leak would have added to an answer that holds nothing. */
  excess: number;
  /** True where the mean lies within two standard errors of 0.5; null where one permutation gives no verdict. */
  atChance: boolean | null;
  /** What the reader must know of this audit: labels that took part in the features. */
  remark?: string | undefined;
  /**
   * Share of permutations at least as good as the real labels, the real one counted (+1), and therefore never below
   * 1 / (permutations + 1); null where none was given.
   */
  p: number | null;
  /**
   * What the audit can see: the probability that a leak of `leak` (share of balanced accuracy) passes as chance, by the spread of these
   * permutations. Null for one permutation; absent in runs of earlier versions.
   */
  power?: { leak: number; passes: number } | null | undefined;
}

/** The leak whose chance to pass is given: ten points of balanced accuracy. */
const statedLeak = 0.1;

/**
 * The permuted-label audit. With labels shuffled over patients nothing can be learned, so an honest evaluation
 * comes out at 50% balanced accuracy; one that looks at test rows while it selects, scales or tunes does not.
 *
 * @param labels 0 or 1 per patient
 * @param evaluate the whole evaluation, from labels to mean balanced accuracy
 * @param options permutations (default 20), seed, and the balanced accuracy with the real labels, for the p-value, and `groups`, by row,
 *   whose labels move together
 */
export async function auditPermutedLabels(
  labels: Uint8Array,
  evaluate: Evaluator,
  options: {
    permutations?: number;
    seed?: number;
    observed?: number;
    groups?: GroupValues | undefined;
  } = {},
): Promise<Audit> {
  const { permutations = 20, seed = 0, observed, groups } = options;
  const balancedAccuracy = await Promise.all(
    Array.from({ length: permutations }, (_, permutation) =>
      evaluate(permutedLabels(labels, seed, permutation, undefined, groups), permutation),
    ),
  );
  return summariseAudit(balancedAccuracy, observed);
}

/**
 * The labels of one permutation; the same for the same seed and number.
 *
 * @param strata rows that keep their labels among themselves, without common rows; all other rows are one more stratum. Absent: all
 *   rows are shuffled together
 * @param groups by row: labels move between whole groups of equal size (see `shuffledByGroup`). Absent: every row by itself
 */
export function permutedLabels(
  labels: Uint8Array,
  seed: number,
  permutation: number,
  strata?: readonly (readonly number[])[],
  groups?: GroupValues,
): Uint8Array {
  const stream = RandomStream.of(seed, 'audit', permutation);
  if (strata === undefined && groups === undefined) {
    return Uint8Array.from(stream.shuffled(labels));
  }
  const permuted = labels.slice();
  for (const rows of withRest(strata, labels.length)) {
    const shuffled =
      groups === undefined
        ? stream.shuffled(rows.map((row) => labels[row]))
        : shuffledByGroup(labels, rows, groups, stream);
    rows.forEach((row, at) => {
      permuted[row] = shuffled[at];
    });
  }
  return permuted;
}

/** The strata, and as one more the rows that stand in none. */
function withRest(
  strata: readonly (readonly number[])[] = [],
  count: number,
): (readonly number[])[] {
  return [...strata, rowsBeside(strata.flat(), count)];
}

/** The audit's verdict from the balanced accuracies of its permutations. */
export function summariseAudit(balancedAccuracy: readonly number[], observed?: number): Audit {
  const permutations = balancedAccuracy.length;
  const { mean, sd } = meanAndSd(balancedAccuracy);
  const standardError = permutations > 1 ? sd / Math.sqrt(permutations) : null;
  const asGood = balancedAccuracy.filter((value) => value >= (observed ?? Number.NaN)).length;
  return {
    permutations,
    balancedAccuracy: [...balancedAccuracy],
    mean,
    standardError,
    excess: mean - 0.5,
    // The margin is for rounding: permutations that are all constant have no error.
    atChance: standardError === null ? null : Math.abs(mean - 0.5) <= 2 * standardError + 1e-12,
    p: observed === undefined ? null : (asGood + 1) / (permutations + 1),
    power:
      permutations > 1
        ? { leak: statedLeak, passes: passesDespite(permutations, sd, statedLeak) }
        : null,
  };
}

/** The verdict in a sentence, with what the audit can see, for the report and the command line. */
export function describeAudit(audit: Audit): string {
  return [
    verdictOf(audit),
    ...(audit.power ? [powerInWords(audit.permutations, audit.power)] : []),
    ...(audit.remark === undefined ? [] : [audit.remark]),
  ].join('; ');
}

function powerInWords(permutations: number, { leak, passes }: { leak: number; passes: number }) {
  const share =
    passes < 0.005
      ? 'less than 1%'
      : passes > 0.995
        ? 'more than 99%'
        : `${(100 * passes).toFixed(0)}%`;
  return `with ${permutations} permutations of this spread a leak of ${100 * leak} points would pass as chance in ${share}`;
}

/** The p-value of the real labels in words, with the smallest that so many permutations can give. */
export function describeAuditP({ p, permutations }: Pick<Audit, 'p' | 'permutations'>): string {
  if (p === null) return 'no p-value: the real labels were not given';
  const smallest = 1 / (permutations + 1);
  const shown = (value: number) => (value < 0.001 ? value.toPrecision(1) : value.toFixed(3));
  return p <= smallest + 1e-12
    ? `p = ${shown(p)}, the smallest that ${permutations} permutation${permutations === 1 ? '' : 's'} can give`
    : `p = ${shown(p)} (not below ${shown(smallest)} with ${permutations} permutations)`;
}

function verdictOf(audit: Audit): string {
  const percent = (value: number) => `${(100 * value).toFixed(1)}%`;
  const points = Math.abs(100 * audit.excess).toFixed(1);
  if (audit.standardError === null || audit.atChance === null) {
    return `no verdict: balanced accuracy ${percent(audit.mean)} with one label permutation; ask for 20 or more (audit.permutations)`;
  }
  const measured = `mean balanced accuracy ${percent(audit.mean)} (standard error ${percent(audit.standardError)}) over ${audit.permutations} label permutations`;
  if (audit.atChance) return `at chance: ${measured}, within two standard errors of 50%`;
  return audit.excess > 0
    ? `NOT at chance: ${measured}; if this is a leak, it would have added ${points} points of balanced accuracy where there is nothing to find`
    : `below chance: ${measured}, ${points} points under 50%; a leak would lie above, so look at the partitions (by chance two standard errors are left in ${percent(1 - passesDespite(audit.permutations, 1, 0))} of audits of ${audit.permutations} permutations)`;
}
