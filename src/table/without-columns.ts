import { type FeatureTable, featureTable } from './feature-table.ts';

/** The table without the named columns; the same table where none is named. */
export function withoutColumns(table: FeatureTable, names: ReadonlySet<string>): FeatureTable {
  if (names.size === 0) return table;
  return featureTable(
    table.patients,
    table.columns.filter(({ name }) => !names.has(name)),
  );
}
