import { exp, log, log1p } from '../runtime/elementary.ts';

/** How predicted probabilities relate to what happened. */
export interface Recalibration {
  /** Mean predicted probability. */
  predicted: number;
  /** Share of label 1. */
  observed: number;
  /**
   * Calibration intercept, or calibration-in-the-large (Van Calster et al. 2019): of the logistic regression of the label with
   * logit(probability) as an offset, that is with the slope fixed at 1. 0 is calibrated, below 0 the predictions are too high.
   */
  intercept: number;
  /** Calibration slope: of the logistic regression of the label on logit(probability). 1 is calibrated, below 1 too sure of itself. */
  slope: number;
  /** Intercept of the regression that gives `slope` (Cox 1958): it only has a meaning together with that slope. */
  slopeIntercept: number;
}

/** Rounding of a log-likelihood of some thousand patients, relative to it: a fall below this is none. */
const rounding = 1e-12;

/** Probabilities are kept this far from 0 and 1, where the logit has no value. */
const margin = 1e-6;

/** ln(p / (1 − p)) of a probability in [0, 1], kept finite at its ends. */
export function logitOf(probability: number): number {
  const p = Math.min(1 - margin, Math.max(margin, probability));
  return log(p / (1 - p));
}

/**
 * Calibration by logistic recalibration (Cox 1958; Van Calster et al., BMC Med 17, 230, 2019).
 *
 * @param labels 0 or 1
 * @param probabilities of label 1, in [0, 1]
 * @returns NaN for intercept and slope where one class is missing; for the slope also where all probabilities are equal, or
 *   where they separate the classes, since the best slope is then infinite
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
    logits[i] = logitOf(probabilities[i]);
    observed += labels[i] / n;
    predicted += probabilities[i] / n;
  }
  const classes = new Set(Array.from(labels));
  if (classes.size < 2) {
    return {
      predicted,
      observed,
      intercept: Number.NaN,
      slope: Number.NaN,
      slopeIntercept: Number.NaN,
    };
  }
  const intercept = interceptBySlopeOne(labels, logits);
  return { predicted, observed, intercept, ...slopeOf(labels, logits) };
}

/** Root of Σ (y − 1 / (1 + e^−(a + logit))) in a, which falls with a: Newton's method between bounds that close in. */
function interceptBySlopeOne(labels: ArrayLike<number>, logits: Float64Array): number {
  let [low, high, at] = [-60, 60, 0];
  for (let step = 0; step < 200; step++) {
    let [gradient, curvature] = [0, 0];
    for (let i = 0; i < logits.length; i++) {
      const p = 1 / (1 + exp(-(at + logits[i])));
      gradient += labels[i] - p;
      curvature += p * (1 - p);
    }
    if (gradient > 0) low = at;
    else high = at;
    const newton = at + gradient / curvature;
    const next = newton > low && newton < high ? newton : (low + high) / 2;
    if (Math.abs(next - at) < 1e-12) return next;
    at = next;
  }
  return at;
}

/** Maximum likelihood in (intercept, slope) by Newton's method, each step halved until the likelihood rises. */
function slopeOf(
  labels: ArrayLike<number>,
  logits: Float64Array,
): Pick<Recalibration, 'slope' | 'slopeIntercept'> {
  const none = { slope: Number.NaN, slopeIntercept: Number.NaN };
  if (isFlat(logits) || isSeparated(labels, logits)) return none;
  let [a, b] = [0, 0];
  let likelihood = logLikelihood(labels, logits, a, b);
  for (let step = 0; step < 100; step++) {
    // Gradient and Hessian of the log-likelihood.
    let [g0, g1, h00, h01, h11] = [0, 0, 0, 0, 0];
    for (let i = 0; i < logits.length; i++) {
      const p = 1 / (1 + exp(-(a + b * logits[i])));
      const w = p * (1 - p);
      g0 += labels[i] - p;
      g1 += (labels[i] - p) * logits[i];
      h00 += w;
      h01 += w * logits[i];
      h11 += w * logits[i] * logits[i];
    }
    const determinant = h00 * h11 - h01 * h01;
    let [d0, d1] = [(h11 * g0 - h01 * g1) / determinant, (h00 * g1 - h01 * g0) / determinant];
    if (!Number.isFinite(d0 + d1)) return none;
    if (Math.abs(d0) + Math.abs(d1) < 1e-10) return { slope: b + d1, slopeIntercept: a + d0 };
    let next = logLikelihood(labels, logits, a + d0, b + d1);
    const least = likelihood - rounding * Math.abs(likelihood);
    for (let half = 0; half < 60 && !(next >= least); half++) {
      [d0, d1] = [d0 / 2, d1 / 2];
      next = logLikelihood(labels, logits, a + d0, b + d1);
    }
    [a, b, likelihood] = [a + d0, b + d1, next];
  }
  return { slope: b, slopeIntercept: a };
}

function logLikelihood(
  labels: ArrayLike<number>,
  logits: Float64Array,
  a: number,
  b: number,
): number {
  let sum = 0;
  for (let i = 0; i < logits.length; i++) {
    const margin = a + b * logits[i];
    const towards = labels[i] === 1 ? margin : -margin;
    // −ln(1 + e^−t) without overflow.
    sum -= Math.max(-towards, 0) + log1p(exp(-Math.abs(towards)));
  }
  return sum;
}

function isFlat(logits: Float64Array): boolean {
  return logits.every((value) => value === logits[0]);
}

/** True where a threshold parts the classes, in either direction. */
function isSeparated(labels: ArrayLike<number>, logits: Float64Array): boolean {
  const low = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  const high = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  logits.forEach((value, i) => {
    const label = labels[i];
    low[label] = Math.min(low[label], value);
    high[label] = Math.max(high[label], value);
  });
  return high[0] <= low[1] || high[1] <= low[0];
}
