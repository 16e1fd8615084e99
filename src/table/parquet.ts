import { readFileSync } from 'node:fs';
import { parquetReadObjects } from 'hyparquet';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { NacreError } from '../runtime/errors.ts';
import { unreadable } from '../runtime/unreadable.ts';
import { writeWhole } from '../runtime/write-whole.ts';
import { brokenParquet } from './broken-parquet.ts';
import { type FeatureTable, featureTable } from './feature-table.ts';
import { requireParquetBounds } from './parquet-bounds.ts';
import { parquetCodecs } from './parquet-codecs.ts';
import { openParquet, originsKey } from './parquet-columns.ts';

/** A column of a plain Parquet file, beside those of a `FeatureTable`. */
export type PlainColumn =
  | { name: string; type: 'STRING'; data: string[] }
  | { name: string; type: 'INT32'; data: number[] }
  | { name: string; type: 'DOUBLE'; data: ArrayLike<number> };

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
  const buffer = parquetWriteBuffer({
    columnData: columns.map((column) => ({
      name: column.name,
      type: column.type,
      data: Array.isArray(column.data) ? column.data : Array.from(column.data),
      nullable: false,
    })),
    kvMetadata: Object.entries(metadata).map(([key, value]) => ({ key, value })),
  });
  writeWhole(path, new Uint8Array(buffer));
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
  const names = Object.keys(types) as (keyof Row & string)[];
  writeColumns(
    path,
    names.map((name) => {
      const data = rows.map((row) => row[name]);
      return { name, type: types[name], data } as PlainColumn;
    }),
  );
}

/** Rows of a Parquet file as objects. @throws NacreError `file-missing`, `bad-table` */
export async function readRows<Row>(path: string): Promise<Row[]> {
  const file = readBytes(path);
  try {
    requireParquetBounds(file);
    return (await parquetReadObjects({ file, compressors: parquetCodecs })) as Row[];
  } catch (cause) {
    throw brokenParquet(path, cause);
  }
}

/**
 * Writes a feature table: a column `patient`, then one double column per feature (NaN where missing), so that pandas,
 * polars and DuckDB open it. Where each column came from (block, modality, region) stands in the footer.
 */
export function writeParquet(path: string, table: FeatureTable): void {
  const origins = table.columns.map(({ block, modality, region }) => [
    block,
    modality ?? null,
    region ?? null,
  ]);
  writeColumns(
    path,
    [
      { name: 'patient', type: 'STRING', data: [...table.patients] },
      ...table.columns.map(({ name, values }) => ({ name, type: 'DOUBLE' as const, data: values })),
    ],
    { [originsKey]: JSON.stringify(origins) },
  );
}

/**
 * Reads a feature table: one that `writeParquet` wrote, or any file with a string column `patient` and numbers beside
 * it (their block is then the part of the name before the first dot).
 *
 * @throws NacreError `file-missing`, `bad-table`, `missing-column`, `not-a-number`, `duplicate-patient`
 */
export async function readParquet(path: string): Promise<FeatureTable> {
  const stored = await openParquet(path);
  try {
    return featureTable(stored.patients, await stored.read([...stored.columns.keys()]));
  } catch (error) {
    throw error instanceof NacreError ? error.located({ file: path }) : error;
  } finally {
    await stored.close();
  }
}

function readBytes(path: string): ArrayBuffer {
  try {
    const bytes = readFileSync(path);
    return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
  } catch (cause) {
    throw unreadable('the table', path, cause, { expected: 'a Parquet file' });
  }
}
