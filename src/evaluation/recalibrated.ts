import { rowsBeside, stratifiedFolds } from '../learning/stratified-folds.ts';
import { exp } from '../runtime/elementary.ts';
import type { RandomStream } from '../runtime/random-stream.ts';
import { logitOf, recalibration } from './recalibration.ts';

/** Probabilities after logistic recalibration on the patients at hand. */
export interface Recalibrated {
  /** Update of the model for this population: logit(new) = intercept + slope · logit(old), fitted on all patients. */
  intercept: number;
  slope: number;
  /** Per patient, from an update that was fitted without that patient's fold; the honest ones to measure. */
  probabilities: Float64Array;
  folds: number;
}

/**
 * Logistic recalibration (intercept and slope; Cox 1958, Van Calster et al. 2019) with cross-fitting: each patient's new probability
 * comes from an update fitted on the other folds, so that a gain in the Brier score is not a gain from having seen the answer.
 *
 * @param labels 0 or 1 per patient
 * @param probabilities of label 1, in [0, 1]
 * @param stream deals the patients to ten folds, or to fewer where a class is small
 * @returns undefined where an update cannot be fitted: fewer than 2 patients of a class, all probabilities equal, or classes that
 *   the probabilities separate
 */
export function recalibrated(
  labels: Uint8Array,
  probabilities: Float64Array,
  stream: RandomStream,
): Recalibrated | undefined {
  const positives = labels.reduce((sum, label) => sum + label, 0);
  const folds = Math.min(10, positives, labels.length - positives);
  if (folds < 2) return undefined;
  const whole = recalibration(labels, probabilities);
  if (Number.isNaN(whole.slope)) return undefined;
  const updated = new Float64Array(labels.length);
  for (const held of stratifiedFolds(labels, folds, stream)) {
    const rows = rowsBeside(held, labels.length);
    const fit = recalibration(
      rows.map((row) => labels[row]),
      rows.map((row) => probabilities[row]),
    );
    if (Number.isNaN(fit.slope)) return undefined;
    for (const row of held) {
      updated[row] = updatedProbability(probabilities[row], {
        intercept: fit.slopeIntercept,
        slope: fit.slope,
      });
    }
  }
  const { slopeIntercept: intercept, slope } = whole;
  return { intercept, slope, probabilities: updated, folds };
}

/** 1 / (1 + e^−(intercept + slope · logit(probability))), in [0, 1]. */
export function updatedProbability(
  probability: number,
  { intercept, slope }: { intercept: number; slope: number },
): number {
  return 1 / (1 + exp(-(intercept + slope * logitOf(probability))));
}
