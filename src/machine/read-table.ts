import { readFile } from 'node:fs/promises';
import { sha256 } from '../runtime/hash.ts';
import { parseTable, type RawTable, type TableFormat } from '../table/raw-table.ts';

/** A table with the hash of exactly the bytes that it was parsed from. */
export interface HashedTable {
  table: RawTable;
  sha256: string;
}

/**
 * Reads a table: the first row is the header, empty rows at any place are left out.
 *
 * @throws NacreError `bad-gzip`, `too-large`, `not-utf8`, `bad-table`, `duplicate-column`
 */
export async function readRawTable(path: string, format: TableFormat): Promise<RawTable> {
  return (await readHashedTable(path, format)).table;
}

/**
 * The same with the hash of the bytes that were read, which a file that changes meanwhile may not hold later.
 *
 * @param verify called with the hash before anything is parsed
 */
export async function readHashedTable(
  path: string,
  format: TableFormat,
  verify: (sha256: string) => void = () => {},
): Promise<HashedTable> {
  const bytes = await readFile(path);
  const hash = sha256(bytes);
  verify(hash);
  return { table: await parseTable(path, bytes, format), sha256: hash };
}
