import type { FeatureDefinition } from '../feature-class.ts';

/** Feature by feature the mean over directions, leaving out those where it is not defined; NaN where it never is. */
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
