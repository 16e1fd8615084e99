import { NacreError } from '../runtime/errors.ts';
import { gunzip, UnpackError } from '../runtime/packed-bytes.ts';

/**
 * Unpacks a gzip file, with a bound.
 *
 * @param limit most bytes that may come out. Default 400 MB
 * @throws NacreError `bad-gzip` for a truncated or damaged file, `too-large` beyond the limit
 */
export function gunzipTable(packed: Uint8Array, file: string, limit = 400e6): Uint8Array {
  try {
    return gunzip(packed, { limit });
  } catch (cause) {
    if (!(cause instanceof UnpackError)) throw cause;
    if (cause.reason === 'too-large') {
      throw new NacreError('too-large', 'the gzip file unpacks to more than is allowed', {
        file,
        found: `more than ${limit} bytes`,
        expected: `at most ${limit} bytes`,
        todo: 'check that it is the right file',
      });
    }
    throw new NacreError('bad-gzip', `gzip file is ${cause.reason}`, {
      file,
      found: cause.message,
      expected: 'a whole gzip file',
      todo: 'fetch or copy the file again',
      cause,
    });
  }
}
