import type { StudyResults } from '../study/results.ts';
import type { FeatureTable } from '../table/feature-table.ts';
import type { ColumnShape } from './explore-data.ts';

const bins = 16;

/**
 * The distribution of each column over patients, and the share of partitions that kept it, by feature set. Counts of equal bins
 * and four numbers: no value of a patient.
 */
export function columnShapes(
  { columns }: FeatureTable,
  results: Pick<StudyResults, 'endpoints'>,
): Record<string, ColumnShape> {
  const selected = selectedShares(results);
  const shapes: Record<string, ColumnShape> = {};
  for (const { name, values } of columns) {
    const known = values.filter((value) => Number.isFinite(value));
    if (known.length < 2) continue;
    const low = known.reduce((a, b) => Math.min(a, b));
    const high = known.reduce((a, b) => Math.max(a, b));
    const mean = known.reduce((a, b) => a + b, 0) / known.length;
    const squares = known.reduce((sum, value) => sum + (value - mean) * (value - mean), 0);
    const counts = new Array<number>(bins).fill(0);
    for (const value of known) {
      counts[Math.min(bins - 1, Math.floor((bins * (value - low)) / (high - low || 1)))]++;
    }
    const shares = selected.get(name);
    shapes[name] = {
      n: known.length,
      low,
      high,
      mean,
      sd: Math.sqrt(squares / (known.length - 1)),
      counts,
      ...(shares !== undefined && { selected: shares }),
    };
  }
  return shapes;
}

/** By column, the feature sets that kept it in some partition, most often first. */
function selectedShares({ endpoints }: Pick<StudyResults, 'endpoints'>) {
  const shares = new Map<string, { endpoint: string; set: string; share: number }[]>();
  for (const { title: endpoint, featureSets } of endpoints) {
    for (const { title: set, selection } of featureSets) {
      for (const { feature, frequency: share } of selection) {
        shares.set(feature, [...(shares.get(feature) ?? []), { endpoint, set, share }]);
      }
    }
  }
  for (const list of shares.values()) list.sort((a, b) => b.share - a.share);
  return shares;
}
