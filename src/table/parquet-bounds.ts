import {
  type ColumnMetaData,
  type FieldRepetitionType,
  type FileMetaData,
  parquetMetadata,
  parquetSchema,
} from 'hyparquet';
import { parquetHeader } from 'hyparquet/src/column.js';
import { bytesPerPackedByte } from './parquet-codecs.ts';
import { requireRuns } from './parquet-runs.ts';

/** Cells that any table may have: 1,000 patients × 250,000 features, or 10,000 × 25,000. */
const mostCells = 2 ** 28;
/** Cells per byte of the file: a constant column takes a few bytes, but the ratio has a limit. */
const cellsPerByte = 1000;
const freeCells = 2 ** 20;
/** Longest dictionary, page or string buffer that is made. */
const longestPage = 2 ** 30;
/** Largest unpacked size of all pages, as a multiple of the file size; numbers compress little. */
const bytesPerFileByte = 64;
const freeBytes = 2 ** 28;
/** Longest page of a codec that packs a thousand bytes into one. */
const longestPackedPage = 2 ** 27;

/**
 * Walks through the page headers of a Parquet file and refuses one whose pages claim more than the file can hold, before
 * anything is allocated or a run of values is unrolled: a page of thirty bytes may declare two thousand million values.
 *
 * @throws Error in words, for the caller who knows the file's name
 */
export function requireParquetBounds(file: ArrayBuffer): void {
  const metadata = parquetMetadata(file);
  requireFooterBounds(metadata, file.byteLength);
  let unpacked = 0;
  for (const { columns: chunks, num_rows: groupRows } of metadata.row_groups) {
    for (const { meta_data: chunk } of chunks) {
      if (chunk === undefined) continue;
      const { start, length } = chunkRange(chunk);
      const repetition = repetitionOf(metadata, chunk);
      unpacked += requirePages(new DataView(file, start, length), Number(groupRows), {
        ...{ chunk, repetition },
      });
      if (unpacked > Math.max(freeBytes, bytesPerFileByte * file.byteLength)) {
        throw new Error(`pages that unpack to more than ${unpacked} bytes`);
      }
    }
  }
}

/** The checks that need only the footer, for a file that is read a few columns at a time. @throws Error in words */
export function requireFooterBounds(metadata: FileMetaData, bytes: number): void {
  const { row_groups: groups, num_rows: rows } = metadata;
  const names = flatColumns(metadata);
  const columns = names.length;
  const total = groups.reduce((sum, group) => sum + Number(group.num_rows), 0);
  if (Number(rows) !== total || groups.some(({ num_rows: n }) => Number(n) < 0)) {
    throw new Error(`the footer says ${rows} rows, its row groups ${total}`);
  }
  const cells = total * columns;
  if (cells > Math.min(mostCells, Math.max(freeCells, cellsPerByte * bytes))) {
    throw new Error(`${total} rows of ${columns} columns in ${bytes} bytes`);
  }
  for (const { columns: chunks } of groups) {
    const stored = chunks.map(({ meta_data: chunk }) => chunk?.path_in_schema.join('.') ?? '');
    // hyparquet would decode a stored column that the schema does not name, and swallow its error.
    if (stored.join('\n') !== names.join('\n')) {
      throw new Error('a group of rows with other columns than the schema');
    }
    for (const { meta_data: chunk } of chunks) {
      if (chunk === undefined) continue;
      if (!Object.hasOwn(bytesPerPackedByte, chunk.codec)) {
        throw new Error(`${chunk.codec} compression; save it with zstd, snappy or gzip`);
      }
      const { start, length } = chunkRange(chunk);
      if (!(start >= 4 && length >= 0 && start + length <= bytes)) {
        throw new Error(`a column from byte ${start}, ${length} bytes long`);
      }
    }
  }
}

/** Names of the columns of a table without columns in columns. @throws Error in words */
function flatColumns(metadata: FileMetaData): string[] {
  const { children } = parquetSchema(metadata);
  const nested = children.find((child) => child.children.length > 0);
  if (nested !== undefined) throw new Error(`the column ${nested.element.name} holds columns`);
  const names = children.map(({ element }) => element.name);
  if (new Set(names).size < names.length) throw new Error('two columns of one name');
  return names;
}

/** Where the pages of a column lie in the file. */
export function chunkRange(chunk: ColumnMetaData): { start: number; length: number } {
  const first = Number(chunk.data_page_offset);
  const dictionary = Number(chunk.dictionary_page_offset ?? 0);
  const start = dictionary > 0 && dictionary < first ? dictionary : first;
  return { start, length: Number(chunk.total_compressed_size) };
}

/** Whether the values of a column may be missing, or several. */
export function repetitionOf(
  metadata: FileMetaData,
  { path_in_schema: [name] }: ColumnMetaData,
): FieldRepetitionType | undefined {
  return parquetSchema(metadata).children.find(({ element }) => element.name === name)?.element
    .repetition_type;
}

/** The same checks for the pages of one column in a row group. Returns the bytes that they unpack to. @throws Error in words */
export function requirePages(
  view: DataView,
  rows: number,
  { chunk, repetition }: { chunk: ColumnMetaData; repetition: FieldRepetitionType | undefined },
): number {
  const { codec } = chunk;
  let unpacked = 0;
  const ratio = bytesPerPackedByte[codec] ?? 1;
  const longest = ratio > 100 ? longestPackedPage : longestPage;
  const reader = { view, offset: 0 };
  while (reader.offset < view.byteLength - 1) {
    const header = parquetHeader(reader);
    const packed = Number(header.compressed_page_size);
    const size = Number(header.uncompressed_page_size);
    if (!(packed >= 0 && reader.offset + packed <= view.byteLength)) {
      throw new Error(`a page of ${packed} bytes`);
    }
    if (!(size >= 0 && size <= Math.min(longest, 1024 + ratio * packed))) {
      throw new Error(`a page that unpacks from ${packed} to ${size} bytes`);
    }
    // Feature and patient tables are flat: a page has no more values than the group has rows.
    const page = header.data_page_header ?? header.data_page_header_v2;
    const values = Number(page?.num_values ?? 0);
    const nulls = Number(header.data_page_header_v2?.num_nulls ?? 0);
    if (!(values >= 0 && values <= rows && nulls >= 0 && nulls <= values)) {
      throw new Error(`a page of ${values} values (${nulls} missing) in a group of ${rows} rows`);
    }
    const words = Number(header.dictionary_page_header?.num_values ?? 0);
    if (!(words >= 0 && words <= size * 8)) {
      throw new Error(`a dictionary of ${words} words in ${size} bytes`);
    }
    const bytes = new Uint8Array(view.buffer, view.byteOffset + reader.offset, packed);
    requireRuns(bytes, header, chunk, repetition);
    reader.offset += packed;
    unpacked += size;
  }
  return unpacked;
}
