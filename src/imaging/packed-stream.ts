import { constants, type gunzipSync } from 'node:zlib';
import { NacreError } from '../runtime/errors.ts';

/** A kind of packed bytes. */
export interface Packing {
  /** For messages: `gzip stream`. */
  name: string;
  unpack: typeof gunzipSync;
  /** This many packed bytes are looked at first; deflate packs no tighter than 1:1032. */
  firstBytes: number;
  damaged: (file: string, cause: unknown) => NacreError;
}

/** The beginning of the unpacked bytes, as far as a few packed ones reach: enough to read what the whole may unpack to. */
export function unpackFirst(
  { unpack, firstBytes, damaged }: Packing,
  packed: Uint8Array,
  file: string,
): Uint8Array {
  try {
    return unpack(packed.subarray(0, firstBytes), { finishFlush: constants.Z_SYNC_FLUSH });
  } catch (cause) {
    throw damaged(file, cause);
  }
}

/**
 * Unpacks bytes that may not unpack to more than their header declared.
 *
 * @param limit bytes
 * @throws NacreError `too-large`, and that of `damaged`
 */
export function unpackWhole(
  { name, unpack, damaged }: Packing,
  packed: Uint8Array,
  limit: number,
  file: string,
): Uint8Array {
  try {
    return unpack(packed, { maxOutputLength: Math.max(1, limit) });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ERR_BUFFER_TOO_LARGE')
      throw damaged(file, cause);
    throw new NacreError('too-large', `the ${name} holds more than its header declares`, {
      file,
      found: `more than ${limit} bytes`,
      expected: `${limit} bytes at most`,
      todo: 'check that the file is what it should be',
      cause,
    });
  }
}
