/** A feature over partitions: how often it was kept, how well it ranked and how much it gained where kept. */
export interface FeatureFrequency {
  feature: string;
  /** Share of partitions that kept it, 0 to 1. */
  frequency: number;
  /** Mean rank where kept, 1 best. */
  meanRank: number;
  /** Mean gain importance where kept. */
  meanGain: number;
}

/**
 * Every feature that at least one partition kept, most frequent first; ties by mean rank, then by name.
 * A ranking over partitions never uses a model fitted on all patients, whose ranking would hide how unstable it is.
 */
export function selectionFrequency(
  partitions: readonly (readonly { feature: string; rank: number; gain: number }[])[],
): FeatureFrequency[] {
  const kept = new Map<string, { count: number; ranks: number; gains: number }>();
  for (const selected of partitions) {
    for (const { feature, rank, gain } of selected) {
      const entry = kept.get(feature) ?? { count: 0, ranks: 0, gains: 0 };
      entry.count++;
      entry.ranks += rank;
      entry.gains += gain;
      kept.set(feature, entry);
    }
  }
  return [...kept]
    .map(([feature, { count, ranks, gains }]) => ({
      feature,
      frequency: count / partitions.length,
      meanRank: ranks / count,
      meanGain: gains / count,
    }))
    .sort(
      (a, b) =>
        b.frequency - a.frequency ||
        a.meanRank - b.meanRank ||
        (a.feature < b.feature ? -1 : a.feature > b.feature ? 1 : 0),
    );
}
