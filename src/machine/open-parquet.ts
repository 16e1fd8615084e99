import { type FileHandle, open } from 'node:fs/promises';
import type { AsyncBuffer } from 'hyparquet';
import { unreadable } from '../runtime/unreadable.ts';
import { type StoredTable, storedTable } from '../table/stored-table.ts';

/**
 * Opens a feature table without reading it: a string column `patient` and numbers beside it, as `writeParquet` and others
 * write them. Close it after use.
 *
 * @throws NacreError `file-missing`, `bad-table`, `missing-column`
 */
export async function openParquet(path: string): Promise<StoredTable> {
  const handle = await opened(path);
  try {
    return await storedTable(await fileBuffer(handle), path, () => handle.close());
  } catch (error) {
    await handle.close();
    throw error;
  }
}

async function opened(path: string): Promise<FileHandle> {
  try {
    return await open(path);
  } catch (cause) {
    throw unreadable('the table', path, cause, { expected: 'a Parquet file' });
  }
}

/** Slices of an open file, read when asked for. */
async function fileBuffer(handle: FileHandle): Promise<AsyncBuffer> {
  const { size } = await handle.stat();
  return {
    byteLength: size,
    async slice(start, end = size) {
      const from = start < 0 ? Math.max(0, size + start) : start;
      const bytes = new Uint8Array(Math.max(0, Math.min(end, size) - from));
      for (let at = 0; at < bytes.length; ) {
        const { bytesRead } = await handle.read(bytes, at, bytes.length - at, from + at);
        if (bytesRead === 0) throw new Error(`the file ends at byte ${from + at}`);
        at += bytesRead;
      }
      return bytes.buffer;
    },
  };
}
