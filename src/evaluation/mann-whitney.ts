import { twoSidedNormal } from './normal-distribution.ts';

export interface MannWhitney {
  /** Probability that a value of class 1 is the larger one, ties count one half: the area under the ROC curve, in [0, 1]. */
  auc: number;
  /** Two-sided, normal approximation with correction for ties and continuity; null where a class has no value or all are equal. */
  p: number | null;
  /** Values that there are, in class 1 and class 0. */
  counts: [number, number];
}

/**
 * Wilcoxon rank-sum test of one column between two classes (Mann and Whitney 1947), as scipy's `mannwhitneyu` with
 * `method='asymptotic'`. Missing values (NaN) are left out.
 *
 * @param values one per patient
 * @param labels 0 or 1 per patient; rows of another label are left out
 */
export function mannWhitney(values: ArrayLike<number>, labels: ArrayLike<number>): MannWhitney {
  const rows: { value: number; label: number }[] = [];
  for (let i = 0; i < values.length; i++) {
    if (Number.isNaN(values[i]) || (labels[i] !== 0 && labels[i] !== 1)) continue;
    rows.push({ value: values[i], label: labels[i] });
  }
  rows.sort((a, b) => a.value - b.value);
  const n = rows.length;
  const ones = rows.filter(({ label }) => label === 1).length;
  const zeros = n - ones;
  let rankSum = 0;
  let ties = 0;
  for (let at = 0; at < n; ) {
    let end = at;
    let onesHere = 0;
    for (; end < n && rows[end].value === rows[at].value; end++) onesHere += rows[end].label;
    const tied = end - at;
    rankSum += (onesHere * (at + 1 + end)) / 2;
    ties += tied * tied * tied - tied;
    at = end;
  }
  const counts: [number, number] = [ones, zeros];
  if (ones === 0 || zeros === 0) return { auc: Number.NaN, p: null, counts };
  const u = rankSum - (ones * (ones + 1)) / 2;
  const pairs = ones * zeros;
  const variance = (pairs / 12) * (n + 1 - ties / (n * (n - 1)));
  if (!(variance > 0)) return { auc: u / pairs, p: null, counts };
  const away = Math.max(u, pairs - u) - pairs / 2 - 0.5;
  return { auc: u / pairs, p: Math.min(1, twoSidedP(away / Math.sqrt(variance))), counts };
}

/** A deviate below 0, within the continuity correction, has a p above 1 before it is cut. */
function twoSidedP(z: number): number {
  return z < 0 ? 1 : twoSidedNormal(z);
}
