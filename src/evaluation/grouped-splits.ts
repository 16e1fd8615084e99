import type { RandomStream } from '../runtime/random-stream.ts';

/** Rows that may not be parted, with their numbers of class 0 and 1. */
interface Bundle {
  rows: number[];
  counts: [number, number];
}

/** Rows by equal value; a row without a value is a bundle of its own. */
export function bundlesOf(
  labels: ArrayLike<number>,
  values: readonly (string | undefined)[],
): Bundle[] {
  const byValue = new Map<string, Bundle>();
  const bundles: Bundle[] = [];
  values.forEach((value, row) => {
    let bundle = value === undefined ? undefined : byValue.get(value);
    if (bundle === undefined) {
      bundle = { rows: [], counts: [0, 0] };
      bundles.push(bundle);
      if (value !== undefined) byValue.set(value, bundle);
    }
    bundle.rows.push(row);
    bundle.counts[labels[row] === 1 ? 1 : 0]++;
  });
  return bundles;
}

/**
 * Draws bundles into a test side whose class counts come close to those asked for: in random order, each is taken where it brings
 * the counts closer (squared distance relative to the class). Bundles of one row give exactly these counts.
 *
 * @returns test rows, ascending
 */
export function drawTogether(
  bundles: readonly Bundle[],
  target: readonly [number, number],
  stream: RandomStream,
): number[] {
  const distance = (counts: readonly [number, number]) =>
    [0, 1].reduce((sum, label) => {
      const off = (counts[label] - target[label]) / Math.max(1, target[label]);
      return sum + off * off;
    }, 0);
  let counts: [number, number] = [0, 0];
  const test: number[] = [];
  for (const bundle of stream.shuffled(bundles)) {
    const next: [number, number] = [counts[0] + bundle.counts[0], counts[1] + bundle.counts[1]];
    if (!(distance(next) < distance(counts))) continue;
    counts = next;
    test.push(...bundle.rows);
  }
  return test.sort((a, b) => a - b);
}

/**
 * Deals bundles to folds of about equal class counts: shuffled, the largest first, each to the fold where the squared shares of its
 * classes grow least (the smaller fold, then the earlier one on a tie).
 *
 * @returns the held-out rows of each fold, ascending; every row is held out once
 */
export function foldsTogether(
  bundles: readonly Bundle[],
  folds: number,
  stream: RandomStream,
): number[][] {
  const totals = [0, 1].map((label) =>
    Math.max(
      1,
      bundles.reduce((sum, { counts }) => sum + counts[label], 0),
    ),
  );
  const held = Array.from({ length: folds }, () => ({
    rows: [] as number[],
    counts: [0, 0] as [number, number],
  }));
  const order = stream.shuffled(bundles).sort((a, b) => b.rows.length - a.rows.length);
  for (const { rows, counts } of order) {
    // Growth of Σ (share of a class in the fold)²: 2 · share · added + added², summed over classes.
    const growth = (fold: (typeof held)[number]) =>
      [0, 1].reduce((sum, label) => {
        const added = counts[label] / totals[label];
        return sum + added * (2 * (fold.counts[label] / totals[label]) + added);
      }, 0);
    let best = held[0];
    for (const fold of held) {
      const less = growth(fold) - growth(best);
      if (less < -1e-12 || (less <= 1e-12 && fold.rows.length < best.rows.length)) best = fold;
    }
    best.rows.push(...rows);
    best.counts[0] += counts[0];
    best.counts[1] += counts[1];
  }
  return held.map(({ rows }) => rows.sort((a, b) => a - b));
}
