/** Net benefit at one threshold, per patient. */
export interface NetBenefit {
  /** Probability at and above which one would treat, in (0, 1). */
  threshold: number;
  /** Of treating by the model. */
  model: number;
  /** Of treating everybody. */
  all: number;
  /** Of treating nobody: 0. */
  none: 0;
}

/**
 * Decision curve: true positives minus false positives weighted by the odds of the threshold, per patient
 * (Vickers and Elkin, Med Decis Making 26, 565, 2006). A patient at the threshold counts as treated.
 *
 * @param labels 0 or 1
 * @param probabilities of label 1, in [0, 1]
 * @param thresholds in (0, 1)
 */
export function decisionCurve(
  labels: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  thresholds: readonly number[],
): NetBenefit[] {
  const n = labels.length;
  let positives = 0;
  for (let i = 0; i < n; i++) positives += labels[i];
  return thresholds.map((threshold) => {
    let hits = 0;
    let alarms = 0;
    for (let i = 0; i < n; i++) {
      if (probabilities[i] < threshold) continue;
      if (labels[i] === 1) hits++;
      else alarms++;
    }
    const odds = threshold / (1 - threshold);
    return {
      threshold,
      model: hits / n - (alarms / n) * odds,
      all: positives / n - ((n - positives) / n) * odds,
      none: 0,
    };
  });
}

/** Thresholds of a curve, 1% to `to` in steps of 1%. */
export function thresholdsTo(to: number): number[] {
  return Array.from({ length: Math.round(100 * to) }, (_, i) => (i + 1) / 100);
}
