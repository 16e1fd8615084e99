import type { Confusion } from './metrics.ts';

/** The score of an answer that is the same for every patient: balanced accuracy 0.5, no gap. */
export const constantAnswerScore = 0.75;

/** Score of the MAMA-MIA challenge of 2025. */
export interface FairnessScore {
  /** Half balanced accuracy, half 1 minus the mean gap; 0 to 1. A constant answer scores 0.75. */
  score: number;
  balancedAccuracy: number;
  /** Gap in equalised odds per variable: range of sensitivities over its levels plus range of false positive rates; 0 to 2. */
  gaps: { variable: string; gap: number }[];
  /** Mean over variables, cut at 1. */
  meanGap: number;
}

/**
 * The score by which the MAMA-MIA challenge ranked predictions of pCR: (balanced accuracy + 1 − mean gap) / 2.
 *
 * Unlike its script, a level without patients of a class does not enter the range of that class's rate (the script counts a rate of
 * 0), so that a constant answer scores 0.75 whatever the levels hold.
 *
 * @param all counts over all patients
 * @param variables counts per level of each variable (age bands, menopause, density); at least one
 */
export function fairnessScore(
  all: Confusion,
  variables: readonly { variable: string; levels: readonly Confusion[] }[],
): FairnessScore {
  const balancedAccuracy =
    (rate(all.truePositive, all.falseNegative) + rate(all.trueNegative, all.falsePositive)) / 2;
  const gaps = variables.map(({ variable, levels }) => ({
    variable,
    gap:
      range(levels.map(({ truePositive, falseNegative }) => rate(truePositive, falseNegative))) +
      range(levels.map(({ falsePositive, trueNegative }) => rate(falsePositive, trueNegative))),
  }));
  const meanGap = Math.min(1, gaps.reduce((sum, { gap }) => sum + gap, 0) / gaps.length);
  return { score: (balancedAccuracy + 1 - meanGap) / 2, balancedAccuracy, gaps, meanGap };
}

/** NaN where there is nobody. */
function rate(yes: number, no: number): number {
  return yes / (yes + no);
}

function range(rates: readonly number[]): number {
  const known = rates.filter((value) => !Number.isNaN(value));
  return known.length === 0 ? 0 : Math.max(...known) - Math.min(...known);
}
