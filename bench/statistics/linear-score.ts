/** A linear score: weights, and the threshold half-way between the projected class means. */
export interface LinearScore {
  weights: Float64Array;
  threshold: number;
}

/**
 * Fisher's linear discriminant with the known unit covariance: the difference of the class means of the training rows. Simple, so
 * that thousands of cohorts can be fitted; its weights vary from training sample to training sample as those of any learner do.
 *
 * @param values row by row, `features` numbers each
 */
export function learn(
  values: Float64Array,
  labels: Uint8Array,
  train: readonly number[],
): LinearScore {
  const features = values.length / labels.length;
  const sums = [new Float64Array(features), new Float64Array(features)];
  const counts = [0, 0];
  for (const row of train) {
    const label = labels[row];
    counts[label]++;
    for (let f = 0; f < features; f++) sums[label][f] += values[row * features + f];
  }
  const weights = new Float64Array(features);
  let threshold = 0;
  for (let f = 0; f < features; f++) {
    const [zero, one] = [sums[0][f] / counts[0], sums[1][f] / counts[1]];
    weights[f] = one - zero;
    threshold += (weights[f] * (one + zero)) / 2;
  }
  return { weights, threshold };
}

/** A score that is not learned: the first feature, with the best threshold. */
export function knownScore(distance: number): LinearScore {
  return { weights: Float64Array.of(1), threshold: distance / 2 };
}

export function scoreOf({ weights }: LinearScore, values: Float64Array, row: number): number {
  const features = weights.length;
  let sum = 0;
  for (let f = 0; f < features; f++) sum += weights[f] * values[row * features + f];
  return sum;
}
