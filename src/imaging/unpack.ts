import { constants, gunzipSync } from 'node:zlib';
import { NacreError } from '../runtime/errors.ts';

export function isGzip(bytes: Uint8Array): boolean {
  return bytes.length > 2 && bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/**
 * The beginning of a gzip stream, as far as the given bytes reach: enough to read a header and learn what the
 * whole may unpack to. Four kilobytes unpack to at most four megabytes.
 */
export function unpackBeginning(bytes: Uint8Array, file: string): Uint8Array {
  try {
    return gunzipSync(bytes.subarray(0, 4096), { finishFlush: constants.Z_SYNC_FLUSH });
  } catch (cause) {
    throw damaged(file, cause);
  }
}

/**
 * Unpacks a gzip stream that may not unpack to more than its header declared.
 *
 * @param limit bytes
 * @throws NacreError `bad-gzip` (truncated or damaged), `too-large`
 */
export function unpackBounded(bytes: Uint8Array, limit: number, file: string): Uint8Array {
  try {
    return gunzipSync(bytes, { maxOutputLength: Math.max(1, limit) });
  } catch (cause) {
    throw beyondDeclared('gzip stream', { cause, file, limit }) ?? damaged(file, cause);
  }
}

/**
 * The refusal of packed bytes that hold more than declared; undefined where `cause` is another failure of zlib.
 *
 * @param what is packed, for the message: `gzip stream`
 */
export function beyondDeclared(
  what: string,
  { cause, file, limit }: { cause: unknown; file: string; limit: number },
): NacreError | undefined {
  if ((cause as NodeJS.ErrnoException).code !== 'ERR_BUFFER_TOO_LARGE') return undefined;
  return new NacreError('too-large', `the ${what} holds more than its header declares`, {
    file,
    found: `more than ${limit} bytes`,
    expected: `${limit} bytes at most`,
    todo: 'check that the file is what it should be',
    cause,
  });
}

function damaged(file: string, cause: unknown): NacreError {
  const truncated = (cause as NodeJS.ErrnoException).code === 'Z_BUF_ERROR';
  return new NacreError('bad-gzip', `the gzip stream is ${truncated ? 'truncated' : 'damaged'}`, {
    file,
    found: (cause as Error).message,
    expected: 'a whole gzip stream',
    todo: 'copy or export the file again',
    cause,
  });
}
