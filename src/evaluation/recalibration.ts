/** How predicted probabilities relate to what happened. */
export interface Recalibration {
  /** Mean predicted probability. */
  predicted: number;
  /** Share of label 1. */
  observed: number;
  /** Of the logistic regression of the label on logit(probability): 1 is calibrated, below 1 too sure of itself. */
  slope: number;
  /** Of the same regression: 0 is calibrated. */
  intercept: number;
}

/** Probabilities are kept this far from 0 and 1, where the logit has no value. */
const margin = 1e-6;

/**
 * Calibration by logistic recalibration (Cox 1958; Van Calster et al. 2019): the label regressed on the logit of the
 * predicted probability, by Newton's method. NaN where one class is missing or all probabilities are equal.
 *
 * @param labels 0 or 1
 * @param probabilities of label 1, in [0, 1]
 */
export function recalibration(
  labels: ArrayLike<number>,
  probabilities: ArrayLike<number>,
): Recalibration {
  const n = labels.length;
  let observed = 0;
  let predicted = 0;
  const logits = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const p = Math.min(1 - margin, Math.max(margin, probabilities[i]));
    logits[i] = Math.log(p / (1 - p));
    observed += labels[i] / n;
    predicted += probabilities[i] / n;
  }
  const flat = logits.every((value) => value === logits[0]);
  if (flat || observed === 0 || observed === 1) {
    return { predicted, observed, slope: Number.NaN, intercept: Number.NaN };
  }
  let [intercept, slope] = [0, 0];
  for (let step = 0; step < 50; step++) {
    // Gradient and Hessian of the log-likelihood in (intercept, slope).
    let [g0, g1, h00, h01, h11] = [0, 0, 0, 0, 0];
    for (let i = 0; i < n; i++) {
      const p = 1 / (1 + Math.exp(-(intercept + slope * logits[i])));
      const w = p * (1 - p);
      g0 += labels[i] - p;
      g1 += (labels[i] - p) * logits[i];
      h00 += w;
      h01 += w * logits[i];
      h11 += w * logits[i] * logits[i];
    }
    const determinant = h00 * h11 - h01 * h01;
    const [d0, d1] = [(h11 * g0 - h01 * g1) / determinant, (h00 * g1 - h01 * g0) / determinant];
    intercept += d0;
    slope += d1;
    if (Math.abs(d0) + Math.abs(d1) < 1e-10) break;
  }
  return { predicted, observed, slope, intercept };
}
