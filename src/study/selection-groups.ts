import type { FeatureColumn } from '../table/feature-table.ts';
import type { SelectionGroup } from './results.ts';

/** Features kept in one partition. */
type Kept = readonly { feature: string; gain: number }[];

const kinds = ['scan', 'region', 'extractor'] as const;

/**
 * Which scans, regions and extractors the selected features come from, over the partitions. Clinical variables have
 * no scan or region: there they count as `clinical`. Every group that has a candidate is listed, even if none of its features was kept, in
 * the order of the columns.
 */
export function selectionGroups(
  columns: readonly FeatureColumn[],
  partitions: readonly Kept[],
): SelectionGroup[] {
  const all = partitions.flat();
  const gainOfAll = all.reduce((sum, { gain }) => sum + gain, 0);
  return kinds.flatMap((by) => {
    const nameOf = (column: FeatureColumn) =>
      (by === 'extractor' ? column.block : by === 'scan' ? column.modality : column.region) ??
      'clinical';
    const groupOf = new Map(columns.map((column) => [column.name, nameOf(column)]));
    return [...new Set(groupOf.values())].map((name) => {
      const groupFeatures = all.filter(({ feature }) => groupOf.get(feature) === name);
      const gain = groupFeatures.reduce((sum, one) => sum + one.gain, 0);
      return {
        by,
        name,
        candidates: columns.filter((column) => nameOf(column) === name).length,
        kept: groupFeatures.length / partitions.length,
        keptShare: all.length > 0 ? groupFeatures.length / all.length : 0,
        gainShare: gainOfAll > 0 ? gain / gainOfAll : 0,
      };
    });
  });
}
