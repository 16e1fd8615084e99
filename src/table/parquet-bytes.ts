import { parquetWriteBuffer } from 'hyparquet-writer';
import { brokenParquet } from './broken-parquet.ts';
import type { FeatureTable } from './feature-table.ts';
import { parquetObjects } from './parquet-objects.ts';
import { originsKey } from './stored-table.ts';

/** A column of a plain Parquet file, beside those of a `FeatureTable`. */
export type PlainColumn =
  | { name: string; type: 'STRING'; data: string[] }
  | { name: string; type: 'INT32'; data: number[] }
  | { name: string; type: 'DOUBLE'; data: ArrayLike<number> };

/**
 * Plain columns as the bytes of a Parquet file. The same columns give the same bytes.
 *
 * @param metadata key-value pairs for the footer
 */
export function parquetOfColumns(
  columns: readonly PlainColumn[],
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const buffer = parquetWriteBuffer({
    columnData: columns.map((column) => ({
      name: column.name,
      type: column.type,
      data: Array.isArray(column.data) ? column.data : Array.from(column.data),
      nullable: false,
    })),
    kvMetadata: Object.entries(metadata).map(([key, value]) => ({ key, value })),
  });
  return new Uint8Array(buffer);
}

/**
 * Rows as the bytes of a Parquet file that `rowsOfParquet` gives back.
 *
 * @param types of the columns, in their order
 */
export function parquetOfRows<Row extends object>(
  rows: readonly Row[],
  types: Readonly<Record<keyof Row & string, PlainColumn['type']>>,
): Uint8Array {
  const names = Object.keys(types) as (keyof Row & string)[];
  return parquetOfColumns(
    names.map((name) => {
      const data = rows.map((row) => row[name]);
      return { name, type: types[name], data } as PlainColumn;
    }),
  );
}

/** Rows of a Parquet file as objects. @throws NacreError `bad-table` */
export async function rowsOfParquet<Row>(bytes: Uint8Array, file: string): Promise<Row[]> {
  const { buffer, byteOffset, byteLength } = bytes;
  const whole = buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer;
  try {
    return (await parquetObjects(whole)) as Row[];
  } catch (cause) {
    throw brokenParquet(file, cause);
  }
}

/**
 * A feature table as the bytes of a Parquet file: a column `patient`, then one double column per feature (NaN where missing), so
 * that pandas, polars and DuckDB open it. Where each column came from (block, modality, region) stands in the footer.
 */
export function parquetOfTable(table: FeatureTable): Uint8Array {
  const origins = table.columns.map(({ block, modality, region }) => [
    block,
    modality ?? null,
    region ?? null,
  ]);
  return parquetOfColumns(
    [
      { name: 'patient', type: 'STRING', data: [...table.patients] },
      ...table.columns.map(({ name, values }) => ({ name, type: 'DOUBLE' as const, data: values })),
    ],
    { [originsKey]: JSON.stringify(origins) },
  );
}
