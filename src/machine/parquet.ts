import { readFileSync } from 'node:fs';
import { unreadable } from '../runtime/unreadable.ts';
import { writeWhole } from '../runtime/write-whole.ts';
import type { FeatureTable } from '../table/feature-table.ts';
import {
  type PlainColumn,
  parquetOfColumns,
  parquetOfRows,
  parquetOfTable,
  rowsOfParquet,
} from '../table/parquet-bytes.ts';
import { wholeTable } from '../table/stored-table.ts';
import { openParquet } from './open-parquet.ts';

/**
 * Writes plain columns as a Parquet file, whole or not at all. The same columns give the same bytes.
 *
 * @param metadata key-value pairs for the footer
 */
export function writeColumns(
  path: string,
  columns: readonly PlainColumn[],
  metadata: Readonly<Record<string, string>> = {},
): void {
  writeWhole(path, parquetOfColumns(columns, metadata));
}

/**
 * Writes rows as a Parquet file that `readRows` gives back.
 *
 * @param types of the columns, in their order
 */
export function writeRows<Row extends object>(
  path: string,
  rows: readonly Row[],
  types: Readonly<Record<keyof Row & string, PlainColumn['type']>>,
): void {
  writeWhole(path, parquetOfRows(rows, types));
}

/** Rows of a Parquet file as objects. @throws NacreError `file-missing`, `bad-table` */
export async function readRows<Row>(path: string): Promise<Row[]> {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(path);
  } catch (cause) {
    throw unreadable('the table', path, cause, { expected: 'a Parquet file' });
  }
  return rowsOfParquet(bytes, path);
}

/**
 * Writes a feature table: a column `patient`, then one double column per feature (NaN where missing), so that pandas,
 * polars and DuckDB open it. Where each column came from (block, modality, region) stands in the footer.
 */
export function writeParquet(path: string, table: FeatureTable): void {
  writeWhole(path, parquetOfTable(table));
}

/**
 * Reads a feature table: one that `writeParquet` wrote, or any file with a string column `patient` and numbers beside
 * it (their block is then the part of the name before the first dot).
 *
 * @throws NacreError `file-missing`, `bad-table`, `missing-column`, `not-a-number`, `duplicate-patient`
 */
export async function readParquet(path: string): Promise<FeatureTable> {
  return wholeTable(await openParquet(path), path);
}
