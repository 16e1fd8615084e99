/**
 * Expected calibration error: mean over bins of |observed share − mean predicted probability|, weighted by the number of
 * predictions (Naeini et al., AAAI 2015). Bins of equal width; the lowest edge belongs to the first bin, every other edge to the
 * bin below it.
 *
 * @param labels 0 or 1
 * @param probabilities of label 1, in [0, 1]
 * @param bins number of bins. Default 10
 * @returns in [0, 1]; NaN without predictions
 */
export function calibrationError(
  labels: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  bins = 10,
): number {
  const observed = new Float64Array(bins);
  const predicted = new Float64Array(bins);
  for (let i = 0; i < labels.length; i++) {
    const bin = Math.min(bins - 1, Math.max(0, Math.ceil(probabilities[i] * bins) - 1));
    observed[bin] += labels[i];
    predicted[bin] += probabilities[i];
  }
  let sum = 0;
  for (let bin = 0; bin < bins; bin++) sum += Math.abs(observed[bin] - predicted[bin]);
  return sum / labels.length;
}
