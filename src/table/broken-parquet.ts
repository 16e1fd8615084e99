import { NacreError } from '../runtime/errors.ts';

/** A file that cannot be read as Parquet. @returns NacreError `bad-table` */
export function brokenParquet(path: string, cause: unknown): NacreError {
  return new NacreError('bad-table', 'the file is not readable as Parquet', {
    file: path,
    found: (cause as Error).message,
    expected: 'a whole Parquet file',
    todo: 'check the file, or save it again (zstd, snappy or gzip; columns of numbers and text)',
    cause,
  });
}
