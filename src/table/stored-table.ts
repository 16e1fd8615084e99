import {
  type AsyncBuffer,
  type FileMetaData,
  parquetMetadataAsync,
  parquetRead,
  parquetSchema,
} from 'hyparquet';
import { z } from 'zod';
import { NacreError } from '../runtime/errors.ts';
import { brokenParquet } from './broken-parquet.ts';
import {
  type ColumnOrigin,
  type FeatureColumn,
  type FeatureTable,
  featureTable,
} from './feature-table.ts';
import { chunkRange, repetitionOf, requireFooterBounds, requirePages } from './parquet-bounds.ts';
import { parquetCodecs } from './parquet-codecs.ts';
import { requireOneSpelling } from './patient-spelling.ts';

/** Key of the file's metadata that holds where each column came from. */
export const originsKey = 'nacre.origins';

/** Block, modality and region of each column. */
const originsSchema = z.array(z.tuple([z.string(), z.string().nullable(), z.string().nullable()]));

/** A feature table that stays in its file: ids and names are known, values are read a few columns at a time. */
export interface StoredTable {
  readonly patients: readonly string[];
  /** In the order of the file. */
  readonly columns: readonly ({ name: string } & ColumnOrigin)[];
  /** Values of the columns of these numbers, in that order, read from the file each time. @throws NacreError `bad-table`, `not-a-number` */
  read(numbers: readonly number[]): Promise<FeatureColumn[]>;
  close(): Promise<void>;
}

/**
 * Opens a feature table without reading it: a string column `patient` and numbers beside it, as `writeParquet` and others
 * write them.
 *
 * @param file gives its slices
 * @param path the file, for errors
 * @param close called when the table is closed
 * @throws NacreError `bad-table`, `missing-column`
 */
export async function storedTable(
  file: AsyncBuffer,
  path: string,
  close: () => Promise<void> = async () => {},
): Promise<StoredTable> {
  const metadata = await boundedMetadata(path, file);
  const names = parquetSchema(metadata).children.map(({ element }) => element.name);
  if (!names.includes('patient')) {
    throw new NacreError('missing-column', 'the table has no patient column', {
      file: path,
      found: names.slice(0, 5).join(', ') || 'no columns',
      expected: 'a column named patient',
    });
  }
  const source = { path, file, metadata, rows: Number(metadata.num_rows) };
  const patients: string[] = new Array(source.rows);
  await readChunks(source, ['patient'], (_, values, start) => {
    for (let i = 0; i < values.length; i++) patients[start + i] = String(values[i]);
  });
  // A damaged footer can name more rows than the column holds.
  const end = patients.findIndex((id: string | undefined) => id === undefined);
  if (end >= 0)
    throw brokenParquet(path, new Error(`the patient column ends before row ${end + 1}`));
  requireOneSpelling(patients.map((id, row) => ({ id, file: path, row: row + 1 })));
  const columns = described(
    names.filter((name) => name !== 'patient'),
    metadata,
    path,
  );
  return {
    patients,
    columns,
    read: (numbers) => readColumns(source, numbers, columns),
    close,
  };
}

/** All of a table, which is closed then. @throws NacreError `not-a-number`, `duplicate-patient`, `bad-table` */
export async function wholeTable(stored: StoredTable, path: string): Promise<FeatureTable> {
  try {
    return featureTable(stored.patients, await stored.read([...stored.columns.keys()]));
  } catch (error) {
    throw error instanceof NacreError ? error.located({ file: path }) : error;
  } finally {
    await stored.close();
  }
}

/**
 * The feature table in the bytes of a Parquet file: one that `parquetOfTable` gave, or any with a string column `patient` and
 * numbers beside it.
 *
 * @throws NacreError `bad-table`, `missing-column`, `not-a-number`, `duplicate-patient`
 */
export async function tableOfParquet(bytes: Uint8Array, path: string): Promise<FeatureTable> {
  const { buffer, byteOffset, byteLength } = bytes;
  const whole = buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer;
  return wholeTable(await storedTable(whole, path), path);
}

interface Source {
  path: string;
  file: AsyncBuffer;
  metadata: FileMetaData;
  rows: number;
}

async function readColumns(
  source: Source,
  numbers: readonly number[],
  columns: StoredTable['columns'],
): Promise<FeatureColumn[]> {
  const wanted = numbers.map((number) => columns[number]);
  const into = new Map(wanted.map(({ name }) => [name, new Float64Array(source.rows)]));
  await readChunks(source, [...into.keys()], (name, values, start) => {
    const column = into.get(name);
    if (values instanceof Float64Array) column?.set(values, start);
    else if (column !== undefined) {
      for (let i = 0; i < values.length; i++) {
        column[start + i] = numberOf(values[i], source.path, name, start + i);
      }
    }
  });
  return wanted.map((column) => ({ ...column, values: into.get(column.name) as Float64Array }));
}

/** Passes on decoded values, a run of rows of one column at a time; errors of the receiver are rethrown. */
async function readChunks(
  { path, file, metadata }: Source,
  columns: string[],
  receive: (name: string, values: ArrayLike<unknown>, start: number) => void,
): Promise<void> {
  if (columns.length === 0) return;
  let fault: unknown;
  try {
    await requireBoundedPages(file, metadata, new Set(columns));
    await parquetRead({
      file,
      metadata,
      columns,
      compressors: parquetCodecs,
      onChunk: ({ columnName, columnData, rowStart }) => {
        try {
          if (fault === undefined) receive(columnName, columnData, rowStart);
        } catch (error) {
          fault = error;
        }
      },
    });
  } catch (cause) {
    throw brokenParquet(path, cause);
  }
  if (fault !== undefined) throw fault;
}

async function boundedMetadata(path: string, file: AsyncBuffer): Promise<FileMetaData> {
  try {
    const metadata = await parquetMetadataAsync(file);
    requireFooterBounds(metadata, file.byteLength);
    return metadata;
  } catch (cause) {
    throw brokenParquet(path, cause);
  }
}

/** Checks the page headers before decoding. The bytes are read twice, the second time from the system's cache. */
async function requireBoundedPages(
  file: AsyncBuffer,
  metadata: FileMetaData,
  wanted: ReadonlySet<string>,
): Promise<void> {
  for (const { columns, num_rows: rows } of metadata.row_groups) {
    for (const { meta_data: chunk } of columns) {
      if (chunk === undefined || !wanted.has(chunk.path_in_schema[0])) continue;
      const { start, length } = chunkRange(chunk);
      const pages = new DataView(await file.slice(start, start + length));
      requirePages(pages, Number(rows), { chunk, repetition: repetitionOf(metadata, chunk) });
    }
  }
}

/** Origins from the footer, or the part of the name before the first dot as the block. */
function described(
  names: readonly string[],
  metadata: FileMetaData,
  path: string,
): StoredTable['columns'] {
  const positions = new Map(names.map((name, at) => [name, at]));
  const twice = names.find((name, at) => positions.get(name) !== at);
  if (twice !== undefined) {
    throw new NacreError('duplicate-column', 'two columns have one name', {
      file: path,
      column: twice,
    });
  }
  const text = metadata.key_value_metadata?.find(({ key }) => key === originsKey)?.value;
  const origins = text === undefined ? undefined : originsOf(text, path);
  return names.map((name, at) => {
    const [block, modality, region] = origins?.[at] ?? [name.split('.')[0], null, null];
    return {
      name,
      block,
      ...(modality === null ? {} : { modality }),
      ...(region === null ? {} : { region }),
    };
  });
}

function originsOf(text: string, path: string): z.output<typeof originsSchema> {
  try {
    return originsSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw brokenParquet(
      path,
      new Error(`${originsKey} in the footer is not as written`, { cause }),
    );
  }
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
