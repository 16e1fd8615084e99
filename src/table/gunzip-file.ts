import { createReadStream } from 'node:fs';
import { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { NacreError } from '../runtime/errors.ts';

export interface GunzipOptions {
  /** Largest size in bytes when unpacked; a file that grows beyond is refused. Default 400 MB. */
  limit?: number;
  /** Bytes of the file, if it was read already; the path then only names it in errors. */
  bytes?: Uint8Array | undefined;
}

/**
 * Unpacks a gzip file into memory, with a bound.
 *
 * @throws NacreError `bad-gzip` for a truncated or damaged file, `too-large` beyond the limit
 */
export async function gunzipFile(
  path: string,
  { limit = 400e6, bytes }: GunzipOptions = {},
): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  const sink = new Writable({
    write(chunk: Buffer, _encoding, done) {
      size += chunk.length;
      if (size > limit) {
        done(
          new NacreError('too-large', 'the gzip file unpacks to more than is allowed', {
            file: path,
            found: `more than ${limit} bytes`,
            expected: `at most ${limit} bytes`,
            todo: 'check that it is the right file',
          }),
        );
        return;
      }
      chunks.push(chunk);
      done();
    },
  });
  try {
    const packed = bytes === undefined ? createReadStream(path) : Readable.from([bytes]);
    await pipeline(packed, createGunzip(), sink);
  } catch (cause) {
    if (cause instanceof NacreError) throw cause;
    const fault = cause as NodeJS.ErrnoException;
    const truncated = fault.code === 'Z_BUF_ERROR';
    throw new NacreError(
      'bad-gzip',
      truncated ? 'gzip file is truncated' : 'gzip file is damaged',
      {
        file: path,
        found: truncated ? `its end after ${size} unpacked bytes` : fault.message,
        expected: 'a whole gzip file',
        todo: 'fetch or copy the file again',
        cause,
      },
    );
  }
  return Buffer.concat(chunks, size);
}
