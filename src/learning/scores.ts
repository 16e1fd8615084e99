import { exp, log1p } from '../runtime/elementary.ts';

/**
 * Area under the ROC curve, by ranks: the share of pairs of a class 1 and a class 0 row that are in order, ties
 * counting half. What inner folds compare settings by; the metrics of a study live in evaluation/.
 */
export function rankAuc(labels: Uint8Array, scores: Float64Array): number {
  const order = Array.from(scores.keys()).sort((a, b) => scores[a] - scores[b]);
  let rankSum = 0;
  let positives = 0;
  for (let start = 0; start < order.length; ) {
    let end = start + 1;
    while (end < order.length && scores[order[end]] === scores[order[start]]) end++;
    const rank = (start + 1 + end) / 2;
    for (let i = start; i < end; i++) {
      if (labels[order[i]] === 0) continue;
      rankSum += rank;
      positives++;
    }
    start = end;
  }
  const negatives = order.length - positives;
  return (rankSum - (positives * (positives + 1)) / 2) / (positives * negatives);
}

/** Mean negative log-likelihood of log-odds, in nats, class 1 rows weighing `positiveWeight`. */
export function logLoss(labels: Uint8Array, margins: Float64Array, positiveWeight = 1): number {
  let sum = 0;
  let weights = 0;
  for (let i = 0; i < labels.length; i++) {
    const towards = labels[i] === 1 ? margins[i] : -margins[i];
    const weight = labels[i] === 1 ? positiveWeight : 1;
    // ln(1 + e^−m) without overflow.
    sum += weight * (Math.max(-towards, 0) + log1p(exp(-Math.abs(towards))));
    weights += weight;
  }
  return sum / weights;
}

/**
 * The probability at and above which class 1 is predicted so that sensitivity + specificity − 1 is largest
 * (Youden 1950); halfway between neighbouring probabilities, the highest among equals.
 */
export function youdenThreshold(labels: Uint8Array, probabilities: Float64Array): number {
  const order = Array.from(probabilities.keys()).sort(
    (a, b) => probabilities[b] - probabilities[a],
  );
  let positives = 0;
  for (const label of labels) positives += label;
  const negatives = labels.length - positives;
  let above = [0, 0];
  let best = Number.NEGATIVE_INFINITY;
  let threshold = 0.5;
  for (let i = 0; i < order.length; i++) {
    above = labels[order[i]] === 1 ? [above[0], above[1] + 1] : [above[0] + 1, above[1]];
    const here = probabilities[order[i]];
    const below = i + 1 < order.length ? probabilities[order[i + 1]] : 0;
    if (here === below) continue;
    const youden = above[1] / positives - above[0] / negatives;
    if (youden > best + 1e-12) {
      best = youden;
      threshold = (here + below) / 2;
    }
  }
  return threshold;
}
