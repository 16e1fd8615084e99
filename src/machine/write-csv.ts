import { writeWhole } from '../runtime/write-whole.ts';
import { csvOfTable, csvText } from '../table/csv.ts';
import type { FeatureTable } from '../table/feature-table.ts';
import type { PlainColumn } from '../table/parquet-bytes.ts';

/** Writes plain columns as a CSV file, whole or not at all. */
export function writeCsvColumns(path: string, columns: readonly PlainColumn[]): void {
  writeWhole(path, csvText(columns));
}

/** Writes a feature table as CSV: a column `patient`, then a column per feature. Where columns came from is lost. */
export function writeCsv(path: string, table: FeatureTable): void {
  writeWhole(path, csvOfTable(table));
}
