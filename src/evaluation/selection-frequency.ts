/** A feature over partitions: how often it was kept, how well it ranked and how much it gained where kept. */
export interface FeatureFrequency {
  feature: string;
  /** Share of partitions that kept it, 0 to 1. */
  frequency: number;
  /** Mean rank where kept, 1 best. */
  meanRank: number;
  /** Mean importance where kept: gain, or |coefficient|. */
  meanGain: number;
  /** Mean signed coefficient where kept, of a logistic regression. */
  meanCoefficient?: number;
}

/**
 * Every feature that at least one partition kept, most frequent first; ties by mean rank, then by name.
 * A ranking over partitions never uses a model fitted on all patients, whose ranking would hide how unstable it is.
 */
export function selectionFrequency(
  partitions: readonly (readonly {
    feature: string;
    rank: number;
    gain: number;
    coefficient?: number | undefined;
  }[])[],
): FeatureFrequency[] {
  const kept = new Map<
    string,
    { count: number; ranks: number; gains: number; coefficients: number }
  >();
  for (const selected of partitions) {
    for (const { feature, rank, gain, coefficient = Number.NaN } of selected) {
      const entry = kept.get(feature) ?? { count: 0, ranks: 0, gains: 0, coefficients: 0 };
      entry.count++;
      entry.ranks += rank;
      entry.gains += gain;
      entry.coefficients += coefficient;
      kept.set(feature, entry);
    }
  }
  return [...kept]
    .map(([feature, { count, ranks, gains, coefficients }]) => ({
      feature,
      frequency: count / partitions.length,
      meanRank: ranks / count,
      meanGain: gains / count,
      ...(Number.isNaN(coefficients) ? {} : { meanCoefficient: coefficients / count }),
    }))
    .sort(
      (a, b) =>
        b.frequency - a.frequency ||
        a.meanRank - b.meanRank ||
        (a.feature < b.feature ? -1 : a.feature > b.feature ? 1 : 0),
    );
}
