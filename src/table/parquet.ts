import { readFileSync } from 'node:fs';
import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { NacreError } from '../runtime/errors.ts';
import { writeWhole } from '../runtime/write-whole.ts';
import { type FeatureColumn, type FeatureTable, featureTable } from './feature-table.ts';

/** A column of a plain Parquet file, beside those of a `FeatureTable`. */
export type PlainColumn =
  | { name: string; type: 'STRING'; data: string[] }
  | { name: string; type: 'INT32'; data: number[] }
  | { name: string; type: 'DOUBLE'; data: ArrayLike<number> };

/** Key of the file's metadata that holds where each column came from. */
const originsKey = 'nacre.origins';

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

/** Rows of a Parquet file as objects. @throws NacreError `file-missing`, `bad-parquet` */
export async function readRows<Row>(path: string): Promise<Row[]> {
  const file = readBytes(path);
  try {
    return (await parquetReadObjects({ file })) as Row[];
  } catch (cause) {
    throw broken(path, cause);
  }
}

/**
 * Writes a feature table: a column `patient`, then one double column a feature (NaN where missing), so that pandas,
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
 * @throws NacreError `file-missing`, `bad-parquet`, `missing-column`, `not-a-number`
 */
export async function readParquet(path: string): Promise<FeatureTable> {
  const rows = await readRows<Record<string, unknown>>(path);
  const origins = readOrigins(path);
  const names = rows.length > 0 ? Object.keys(rows[0]) : [];
  if (!names.includes('patient')) {
    throw new NacreError('missing-column', 'the table has no patient column', {
      file: path,
      found: names.slice(0, 5).join(', ') || 'no rows',
      expected: 'a column named patient',
    });
  }
  const columns = names
    .filter((name) => name !== 'patient')
    .map((name, at): FeatureColumn => {
      const values = Float64Array.from(rows, (row, i) => numberOf(row[name], path, name, i));
      const [block, modality, region] = origins?.[at] ?? [name.split('.')[0], null, null];
      return {
        name,
        block,
        ...(modality === null ? {} : { modality }),
        ...(region === null ? {} : { region }),
        values,
      };
    });
  return featureTable(
    rows.map((row) => String(row.patient)),
    columns,
  );
}

function readOrigins(path: string): [string, string | null, string | null][] | undefined {
  const { key_value_metadata: pairs } = parquetMetadata(readBytes(path));
  const text = pairs?.find(({ key }) => key === originsKey)?.value;
  return text === undefined ? undefined : JSON.parse(text);
}

function numberOf(value: unknown, file: string, column: string, row: number): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  if (value === null || value === undefined) return Number.NaN;
  throw new NacreError('not-a-number', 'a feature is not a number', {
    file,
    row: row + 1,
    column,
    found: JSON.stringify(value),
    expected: 'a number, or nothing where missing',
  });
}

function readBytes(path: string): ArrayBuffer {
  try {
    const bytes = readFileSync(path);
    return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
  } catch (cause) {
    throw new NacreError('file-missing', 'cannot read the table', {
      file: path,
      found: (cause as NodeJS.ErrnoException).code,
      expected: 'a Parquet file',
      cause,
    });
  }
}

function broken(path: string, cause: unknown): NacreError {
  return new NacreError('bad-parquet', 'the file is not readable as Parquet', {
    file: path,
    found: (cause as Error).message,
    expected: 'a whole Parquet file',
    todo: 'write it again',
    cause,
  });
}
