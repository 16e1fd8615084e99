import { NacreError } from '../runtime/errors.ts';
import { RandomStream } from '../runtime/random-stream.ts';
import { type DeLongTest, delong, delongTest } from './delong.ts';
import { type McNemar, mcnemar } from './mcnemar.ts';
import { type Confusion, confusionAt, type MetricName, metricNames, metricsAt } from './metrics.ts';
import { bootstrapPatients, type Estimate } from './patient-bootstrap.ts';
import { type Recalibrated, recalibrated } from './recalibrated.ts';
import { recalibration } from './recalibration.ts';

export interface EvaluatePredictionsOptions {
  /** Class 1 is predicted at and above it; it comes with the model and is never chosen here. */
  threshold: number;
  /** Of the bootstrap and of the folds of the recalibration. Default 1. */
  seed?: number | undefined;
  /** Samples of the bootstrap. Default 2000. */
  resamples?: number | undefined;
}

/** Names of the numbers on calibration, with what each means. */
export const calibrationNames = {
  predicted: 'mean predicted probability',
  observed: 'observed share',
  intercept: 'calibration in the large (0 is calibrated, below 0 predictions are too high)',
  slope: 'calibration slope (1 is calibrated, below 1 predictions are too extreme)',
} as const;
export type CalibrationName = keyof typeof calibrationNames;

/** One model on patients whom it has not seen. */
export interface PredictionsEvaluation {
  patients: number;
  positives: number;
  threshold: number;
  confusion: Confusion;
  /** 95% intervals: of the AUC by DeLong on the logit scale, of all others by the bootstrap over patients. */
  metrics: Record<MetricName, Estimate>;
  calibration: Record<CalibrationName, Estimate>;
  /** Undefined where an update cannot be fitted; see `recalibrated`. */
  recalibrated?:
    | (Omit<Recalibrated, 'probabilities'> & {
        /** At the same threshold, on cross-fitted probabilities. */
        brier: number;
        balancedAccuracy: number;
        sensitivity: number;
        specificity: number;
      })
    | undefined;
  bootstrap: { seed: number; resamples: number; redrawn: number };
}

/**
 * All metrics of a model on patients of another cohort, with intervals, calibration in the large, slope, and what recalibration on
 * these patients would bring.
 *
 * @param labels 0 or 1 per patient
 * @param probabilities of label 1, in [0, 1]
 * @throws NacreError `one-class`, `too-few-of-a-class`, `bad-prediction`
 */
export function evaluatePredictions(
  labels: Uint8Array,
  probabilities: Float64Array,
  { threshold, seed = 1, resamples = 2000 }: EvaluatePredictionsOptions,
): PredictionsEvaluation {
  const { low, high } = delong(labels, probabilities);
  const statistic = (rows: Int32Array) => {
    const [y, p] = [labels, probabilities].map((from) => Float64Array.from(rows, (r) => from[r]));
    const { predicted, observed, intercept, slope } = recalibration(y, p);
    return { ...metricsAt(y, p, threshold), predicted, observed, intercept, slope };
  };
  const stream = RandomStream.of(seed, 'evaluate');
  const { estimates, redrawn } = bootstrapPatients(labels, statistic, {
    stream: stream.derive('bootstrap'),
    resamples,
  });
  const take = <Name extends MetricName | CalibrationName>(names: readonly Name[]) =>
    Object.fromEntries(names.map((name) => [name, estimates[name]])) as Record<Name, Estimate>;
  const update = recalibrated(labels, probabilities, stream.derive('recalibrate'));
  return {
    patients: labels.length,
    positives: labels.reduce((sum, label) => sum + label, 0),
    threshold,
    confusion: confusionAt(labels, probabilities, threshold),
    metrics: { ...take(metricNames), auc: { value: estimates.auc.value, low, high } },
    calibration: take(Object.keys(calibrationNames) as CalibrationName[]),
    recalibrated: update && measured(labels, update, threshold),
    bootstrap: { seed, resamples, redrawn },
  };
}

function measured(labels: Uint8Array, update: Recalibrated, threshold: number) {
  const { intercept, slope, folds, probabilities } = update;
  const { brier, balancedAccuracy, sensitivity, specificity } = metricsAt(
    labels,
    probabilities,
    threshold,
  );
  return { intercept, slope, folds, brier, balancedAccuracy, sensitivity, specificity };
}

/** One model's probabilities and threshold, for a comparison on the same patients. */
export interface ModelAnswers {
  probabilities: ArrayLike<number>;
  threshold: number;
}

export interface ModelComparison {
  patients: number;
  auc: DeLongTest;
  /** Of the classes at each model's own threshold. */
  classes: McNemar;
}

/**
 * Two models on the same patients, in the same order: AUCs by DeLong's paired test, classes at each one's threshold by McNemar's.
 *
 * @throws NacreError `one-class`, `too-few-of-a-class`, `bad-prediction`
 */
export function comparePredictions(
  labels: Uint8Array,
  first: ModelAnswers,
  second: ModelAnswers,
): ModelComparison {
  if (first.probabilities.length !== second.probabilities.length) {
    throw new NacreError('bad-prediction', 'the two models answered about different patients', {
      found: `${first.probabilities.length} and ${second.probabilities.length} predictions`,
      expected: 'one prediction of each per patient, in one order',
    });
  }
  const right = ({ probabilities, threshold }: ModelAnswers) =>
    Uint8Array.from(labels, (label, i) =>
      Number((probabilities[i] >= threshold ? 1 : 0) === label),
    );
  return {
    patients: labels.length,
    auc: delongTest(labels, first.probabilities, second.probabilities),
    classes: mcnemar(right(first), right(second)),
  };
}
