import { exp, log } from '../runtime/elementary.ts';

/** At this AUC or above (or 1 minus it or below) a column separates the classes nearly perfectly. */
export const nearlyPerfect = 0.99;

/** Relation of a column to an endpoint. */
export interface Separation {
  /** Area under the ROC curve, 0 to 1; ties count half. */
  auc: number;
  /** Values of class 1 and class 0. */
  positives: number;
  negatives: number;
  /** Upper bound of the chance that a column of noise separates as well. */
  chance: number;
}

/**
 * How well values separate the classes, over all patients who have both a value and a label.
 *
 * @param values NaN where missing
 * @param labels 1, 0, or -1 where unknown
 */
export function separationBy(
  values: ArrayLike<number>,
  labels: ArrayLike<number>,
): Separation | undefined {
  const sides: [number[], number[]] = [[], []];
  for (let i = 0; i < values.length; i++) {
    if (labels[i] >= 0 && !Number.isNaN(values[i])) sides[labels[i]].push(values[i]);
  }
  const [low, high] = sides.map((side) => Float64Array.from(side).sort());
  const [n0, n1] = [low.length, high.length];
  if (n0 === 0 || n1 === 0) return undefined;
  // Pairs in which the value of class 1 is the larger, by one walk through both sorted sides.
  let larger = 0;
  let below = 0;
  let upTo = 0;
  for (const value of high) {
    while (below < n0 && low[below] < value) below++;
    if (upTo < below) upTo = below;
    while (upTo < n0 && low[upTo] <= value) upTo++;
    larger += (below + upTo) / 2;
  }
  return {
    auc: larger / (n0 * n1),
    positives: n1,
    negatives: n0,
    chance: chanceOf(n0, n1),
  };
}

export function separates({ auc }: Pick<Separation, 'auc'>): boolean {
  return auc >= nearlyPerfect || auc <= 1 - nearlyPerfect;
}

/**
 * Upper bound of the chance that noise orders n0 and n1 values nearly perfectly, in either direction: orders with at most k
 * inversions (Mann-Whitney U ≤ k) are at most the partitions of 0 to k, of C(n0 + n1, n1) orders.
 */
function chanceOf(n0: number, n1: number): number {
  const most = Math.floor((1 - nearlyPerfect) * n0 * n1 + 1e-9);
  // Above some hundred inversions the classes are so large that the chance is 0 for any purpose.
  if (most > 300) return 0;
  let logOrders = 0;
  for (let i = 1; i <= n1; i++) logOrders += log((n0 + i) / i);
  return Math.min(1, 2 * partitionsUpTo(most) * exp(-logOrders));
}

/** Number of partitions of all whole numbers from 0 to n. */
function partitionsUpTo(n: number): number {
  const ways = new Float64Array(n + 1);
  ways[0] = 1;
  for (let part = 1; part <= n; part++) {
    for (let sum = part; sum <= n; sum++) ways[sum] += ways[sum - part];
  }
  return ways.reduce((sum, count) => sum + count, 0);
}
