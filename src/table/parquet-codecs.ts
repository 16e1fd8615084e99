import { gunzipSync } from 'fflate';
import { decompress } from 'fzstd';
import type { Compressors } from 'hyparquet';

/**
 * Unpacks pages that hyparquet itself does not: zstd (what polars writes) and gzip. The size that a page
 * declares was checked before (`parquet-bounds.ts`); a page that unpacks to another is refused.
 */
export const parquetCodecs: Compressors = {
  ZSTD: (page, size) => exactly(decompress(page, new Uint8Array(size)), size),
  GZIP: (page, size) => exactly(gunzipSync(page, { out: new Uint8Array(size) }), size),
};

/** Most bytes that one packed byte may become: deflate cannot do more than 1,032; zstd has the same limit here. */
export const bytesPerPackedByte: Readonly<Record<string, number>> = {
  UNCOMPRESSED: 1,
  // 64 bytes for 3.
  SNAPPY: 24,
  GZIP: 1032,
  ZSTD: 1032,
};

function exactly(page: Uint8Array, size: number): Uint8Array {
  if (page.length !== size) throw new Error(`a page of ${page.length} bytes that declares ${size}`);
  return page;
}
