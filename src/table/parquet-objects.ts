import { parquetReadObjects } from 'hyparquet';
import { requireParquetBounds } from './parquet-bounds.ts';
import { parquetCodecs } from './parquet-codecs.ts';

/** The rows of a Parquet file as objects, after a check of its bounds. */
export function parquetObjects(file: ArrayBuffer): Promise<Record<string, unknown>[]> {
  requireParquetBounds(file);
  return parquetReadObjects({ file, compressors: parquetCodecs });
}
