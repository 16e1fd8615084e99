import { NacreError } from '../runtime/errors.ts';
import { type Unpack, UnpackError } from '../runtime/packed-bytes.ts';

/** A kind of packed bytes. */
export interface Packing {
  /** For messages: `gzip stream`. */
  name: string;
  unpack: Unpack;
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
    return unpack(packed.subarray(0, firstBytes), { beginning: true });
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
    return unpack(packed, { limit });
  } catch (cause) {
    if (!(cause instanceof UnpackError && cause.reason === 'too-large')) throw damaged(file, cause);
    throw new NacreError('too-large', `the ${name} holds more than its header declares`, {
      file,
      found: `more than ${limit} bytes`,
      expected: `${limit} bytes at most`,
      todo: 'check that the file is what it should be',
      cause,
    });
  }
}
