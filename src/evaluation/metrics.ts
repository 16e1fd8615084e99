import { NacreError } from '../runtime/errors.ts';

/** The metrics of one test set, in the order of every table. All in [0, 1]. */
export const metricNames = [
  'balancedAccuracy',
  'sensitivity',
  'specificity',
  'auc',
  'accuracy',
  'f1',
  'prAuc',
  'brier',
] as const;

export type MetricName = (typeof metricNames)[number];
export type Metrics = Record<MetricName, number>;

export interface Confusion {
  truePositive: number;
  falsePositive: number;
  trueNegative: number;
  falseNegative: number;
}

/**
 * Counts at a threshold: class 1 is predicted where `probability >= threshold`.
 *
 * @param labels 0 or 1 per patient
 * @param probabilities of class 1, in [0, 1]
 */
export function confusionAt(
  labels: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  threshold: number,
): Confusion {
  checkInputs(labels, probabilities);
  const confusion = { truePositive: 0, falsePositive: 0, trueNegative: 0, falseNegative: 0 };
  for (let i = 0; i < labels.length; i++) {
    const predicted = probabilities[i] >= threshold;
    if (labels[i] === 1) confusion[predicted ? 'truePositive' : 'falseNegative']++;
    else confusion[predicted ? 'falsePositive' : 'trueNegative']++;
  }
  return confusion;
}

/**
 * All metrics of one test set, equal to scikit-learn's functions of the same names
 * (balanced_accuracy_score, recall_score, roc_auc_score, f1_score, average_precision_score, brier_score_loss).
 *
 * @throws NacreError `one-class` where the test set lacks a class, `bad-prediction` for a probability outside [0, 1]
 */
export function metricsAt(
  labels: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  threshold: number,
): Metrics {
  const confusion = confusionAt(labels, probabilities, threshold);
  const positives = confusion.truePositive + confusion.falseNegative;
  const negatives = confusion.trueNegative + confusion.falsePositive;
  if (positives === 0 || negatives === 0) {
    throw new NacreError('one-class', 'the test set holds one class only', {
      found: `${positives} of class 1 and ${negatives} of class 0`,
      expected: 'both classes',
    });
  }
  const { balancedAccuracy, sensitivity, specificity, accuracy, f1 } = countedMetrics(confusion);
  return {
    balancedAccuracy,
    sensitivity,
    specificity,
    auc: rocAuc(labels, probabilities),
    accuracy,
    f1,
    prAuc: averagePrecision(labels, probabilities),
    brier: brierScore(labels, probabilities),
  };
}

/** The metrics that follow from the counts at a threshold; NaN where a class has no patient. */
export function countedMetrics({
  truePositive: tp,
  falsePositive: fp,
  trueNegative: tn,
  falseNegative: fn,
}: Confusion): Pick<
  Metrics,
  'balancedAccuracy' | 'sensitivity' | 'specificity' | 'accuracy' | 'f1'
> {
  const sensitivity = tp / (tp + fn);
  const specificity = tn / (tn + fp);
  return {
    balancedAccuracy: (sensitivity + specificity) / 2,
    sensitivity,
    specificity,
    accuracy: (tp + tn) / (tp + fp + tn + fn),
    // Without a predicted or true positive F1 has no value; scikit-learn returns 0.
    f1: tp === 0 ? 0 : (2 * tp) / (2 * tp + fp + fn),
  };
}

/** Area under the ROC curve as the Mann-Whitney statistic; ties count one half. */
export function rocAuc(labels: ArrayLike<number>, scores: ArrayLike<number>): number {
  const order = descending(scores);
  let area = 0;
  let positives = 0;
  let negatives = 0;
  for (let at = 0; at < order.length; ) {
    let tiedPositives = 0;
    let tiedNegatives = 0;
    const score = scores[order[at]];
    for (; at < order.length && scores[order[at]] === score; at++) {
      if (labels[order[at]] === 1) tiedPositives++;
      else tiedNegatives++;
    }
    area += tiedNegatives * (positives + tiedPositives / 2);
    positives += tiedPositives;
    negatives += tiedNegatives;
  }
  return area / (positives * negatives);
}

/** Average precision, Σ (Rₙ − Rₙ₋₁) Pₙ over distinct scores: the PR-AUC without interpolation. */
export function averagePrecision(labels: ArrayLike<number>, scores: ArrayLike<number>): number {
  const order = descending(scores);
  let total = 0;
  for (let i = 0; i < labels.length; i++) if (labels[i] === 1) total++;
  let sum = 0;
  let positives = 0;
  for (let at = 0; at < order.length; ) {
    const before = positives;
    const score = scores[order[at]];
    for (; at < order.length && scores[order[at]] === score; at++) {
      if (labels[order[at]] === 1) positives++;
    }
    sum += ((positives - before) / total) * (positives / at);
  }
  return sum;
}

/** Mean squared difference of probability and outcome (Brier 1950). */
function brierScore(labels: ArrayLike<number>, probabilities: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < labels.length; i++) sum += (probabilities[i] - labels[i]) ** 2;
  return sum / labels.length;
}

function descending(scores: ArrayLike<number>): number[] {
  return Array.from(scores, (_, i) => i).sort((a, b) => scores[b] - scores[a] || a - b);
}

function checkInputs(labels: ArrayLike<number>, probabilities: ArrayLike<number>): void {
  if (labels.length !== probabilities.length || labels.length === 0) {
    throw new NacreError('bad-prediction', 'labels and predictions do not match', {
      found: `${labels.length} labels and ${probabilities.length} predictions`,
      expected: 'one prediction per label, at least one',
    });
  }
  for (let i = 0; i < labels.length; i++) {
    const p = probabilities[i];
    if (p >= 0 && p <= 1) continue;
    throw new NacreError('bad-prediction', 'a prediction is not a probability', {
      row: i + 1,
      found: String(p),
      expected: 'a number in [0, 1]',
    });
  }
}
