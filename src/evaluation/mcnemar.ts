import { exp, log } from '../runtime/elementary.ts';
import { NacreError } from '../runtime/errors.ts';
import { twoSidedNormal } from './normal-distribution.ts';

export interface McNemar {
  /** Patients that only the first got right, and only the second. */
  onlyFirst: number;
  onlySecond: number;
  /** Two-sided exact p-value (binomial); 1 where no patient differs. */
  exact: number;
  /** Chi-square with one degree of freedom and Edwards' continuity correction; 0 where no patient differs. */
  chiSquare: number;
  /** Its p-value. */
  asymptotic: number;
}

/**
 * McNemar's test of two classifiers at their thresholds, on the same patients of **one** test set.
 *
 * @param first whether the first classifier was right, per patient; 0 or 1
 * @param second the same of the second
 * @throws NacreError `bad-prediction`
 *
 * References: McNemar 1947, Psychometrika 12:153; Edwards 1948, Psychometrika 13:185.
 */
export function mcnemar(first: ArrayLike<number>, second: ArrayLike<number>): McNemar {
  if (first.length !== second.length) {
    throw new NacreError('bad-prediction', 'the two classifiers saw different patients', {
      found: `${first.length} and ${second.length} patients`,
      expected: 'the same patients in the same order',
    });
  }
  let onlyFirst = 0;
  let onlySecond = 0;
  for (let i = 0; i < first.length; i++) {
    for (const value of [first[i], second[i]]) {
      if (value === 0 || value === 1) continue;
      throw new NacreError('bad-prediction', 'whether a patient was classified rightly is 0 or 1', {
        row: i + 1,
        found: String(value),
        expected: '0 or 1',
      });
    }
    if (first[i] > second[i]) onlyFirst++;
    else if (first[i] < second[i]) onlySecond++;
  }
  const differ = onlyFirst + onlySecond;
  const apart = Math.max(0, Math.abs(onlyFirst - onlySecond) - 1);
  const chiSquare = differ === 0 ? 0 : (apart * apart) / differ;
  return {
    onlyFirst,
    onlySecond,
    exact: Math.min(1, 2 * halfBinomialTail(Math.min(onlyFirst, onlySecond), differ)),
    chiSquare,
    asymptotic: twoSidedNormal(Math.sqrt(chiSquare)),
  };
}

/** P(X ≤ k) of a binomial distribution with n trials and probability 1/2, by its logarithm so that large n do not underflow. */
function halfBinomialTail(k: number, n: number): number {
  let logTerm = -n * Math.LN2;
  let sum = exp(logTerm);
  for (let i = 1; i <= k; i++) {
    logTerm += log((n - i + 1) / i);
    sum += exp(logTerm);
  }
  return sum;
}
