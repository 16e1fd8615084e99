import type { NoteAssumption } from '../runtime/assumptions.ts';
import { NacreError, nearestName } from '../runtime/errors.ts';
import { brokenParquet } from './broken-parquet.ts';
import { csvCells } from './csv-cells.ts';
import { gunzipTable } from './gunzip-table.ts';
import type { Separator } from './separators.ts';

/** A cell as its file gives it: CSV gives text, Excel and Parquet also numbers. An empty cell is null. */
export type Cell = string | number | null;

/** A table as it lies in its file, before any meaning is put on it. */
export interface RawTable {
  /** Path, for errors. */
  file: string;
  header: readonly string[];
  rows: readonly (readonly Cell[])[];
}

export interface TableFormat {
  format: 'csv' | 'csv.gz' | 'xlsx' | 'parquet';
  /** Sheet of an Excel file. Default: the first. */
  sheet?: string | undefined;
  /** Between the cells of a CSV file. Absent: recognised, and noted where it is not a comma. */
  separator?: Separator | undefined;
  note?: NoteAssumption | undefined;
}

/**
 * A table from the bytes of its file: the first row is the header, empty rows at any place are left out.
 *
 * @param file its name, for errors
 * @throws NacreError `bad-gzip`, `too-large`, `not-utf8`, `bad-table`, `duplicate-column`
 */
export async function parseTable(
  file: string,
  bytes: Uint8Array,
  options: TableFormat,
): Promise<RawTable> {
  switch (options.format) {
    case 'csv':
      return csvTable(file, bytes, options);
    case 'csv.gz':
      return csvTable(file, gunzipTable(bytes, file), options);
    case 'xlsx':
      return excelTable(file, bytes, options.sheet);
    case 'parquet':
      return parquetTable(file, bytes);
  }
}

/** Number of a column by its title. @throws NacreError `missing-column` */
export function columnIndex(table: RawTable, title: string): number {
  const at = table.header.indexOf(title);
  if (at >= 0) return at;
  const near = nearestName(title, table.header);
  throw new NacreError('missing-column', 'the table lacks a column', {
    file: table.file,
    column: title,
    found: `columns ${clip(table.header.join(', '))}`,
    expected: title,
    todo: near === undefined ? 'correct the manifest or the table' : `did you mean ${near}?`,
  });
}

function csvTable(path: string, bytes: Uint8Array, options: TableFormat): RawTable {
  const [header = [], ...rows] = csvCells(path, bytes, options);
  const cells = rows.map((row) =>
    row.map((cell) => {
      const text = cell.trim();
      return text === '' ? null : text;
    }),
  );
  return table(path, header, cells);
}

async function excelTable(
  path: string,
  bytes: Uint8Array,
  sheet: string | undefined,
): Promise<RawTable> {
  // Readers of Excel and of Parquet are large: a table of text does not load them.
  const { excelCells } = await import('./excel-cells.ts');
  const [header = [], ...rows] = await excelCells(path, bytes, sheet);
  return table(
    path,
    header.map((cell) => String(plain(cell) ?? '')),
    rows.map((row) => row.map(plain)),
  );
}

async function parquetTable(path: string, bytes: Uint8Array): Promise<RawTable> {
  const { parquetObjects } = await import('./parquet-objects.ts');
  let rows: Record<string, unknown>[];
  try {
    const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
    rows = await parquetObjects(file as ArrayBuffer);
  } catch (cause) {
    throw brokenParquet(path, cause);
  }
  const header = Object.keys(rows[0] ?? {});
  return table(
    path,
    header,
    rows.map((row) => header.map((title) => plain(row[title]))),
  );
}

/** Dates become ISO text, truth values 0 and 1, big integers numbers, or text where a number would not hold every digit (of an id). */
function plain(cell: unknown): Cell {
  if (cell === null || cell === undefined) return null;
  if (typeof cell === 'number') return cell;
  if (typeof cell === 'bigint') {
    return Number.isSafeInteger(Number(cell)) ? Number(cell) : String(cell);
  }
  if (typeof cell === 'boolean') return cell ? 1 : 0;
  if (cell instanceof Date) return cell.toISOString();
  const text = String(cell).trim();
  return text === '' ? null : text;
}

function table(file: string, titles: readonly string[], rows: readonly Cell[][]): RawTable {
  const header = titles.map((title) => title.replace(/^\uFEFF/, '').trim());
  const filled = rows.filter((row) => row.some((cell) => cell !== null));
  if (header.length === 0 || filled.length === 0) {
    throw new NacreError('bad-table', 'the table is empty', {
      file,
      found: `${header.length} columns, ${filled.length} rows`,
      expected: 'a header and at least one row',
    });
  }
  const seen = new Set<string>();
  for (const title of header) {
    if (title !== '' && seen.has(title)) {
      throw new NacreError('duplicate-column', 'two columns have one title', {
        file,
        column: title,
        found: 'the title twice',
        expected: 'once',
        todo: 'rename or remove one',
      });
    }
    seen.add(title);
  }
  filled.forEach((row, i) => {
    if (row.length === header.length) return;
    throw new NacreError('bad-table', 'a row has another number of cells than the header', {
      file,
      row: i + 1,
      found: `${row.length} cells`,
      expected: `${header.length} cells`,
      todo: 'fix the row (a comma in a text needs quotes)',
    });
  });
  return { file, header, rows: filled };
}

function clip(text: string): string {
  return text.length > 120 ? `${text.slice(0, 117)}...` : text;
}
