import type { FeatureDefinition } from '../feature-class.ts';

/** Mean of each feature over the directions in which it is defined; NaN where it is defined in none. */
export function meanOfRows(
  features: readonly FeatureDefinition[],
  rows: readonly Readonly<Record<string, number>>[],
): Record<string, number> {
  const means: Record<string, number> = {};
  for (const { name } of features) {
    let sum = 0;
    let defined = 0;
    for (const row of rows) {
      if (Number.isNaN(row[name])) continue;
      sum += row[name];
      defined++;
    }
    means[name] = sum / defined;
  }
  return means;
}
