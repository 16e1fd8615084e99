import { NacreError } from '../runtime/errors.ts';
import { gunzip, UnpackError } from '../runtime/packed-bytes.ts';
import { type Packing, unpackFirst, unpackWhole } from './packed-stream.ts';

const gzip: Packing = {
  name: 'gzip stream',
  unpack: gunzip,
  firstBytes: 4096,
  damaged(file, cause) {
    const truncated = cause instanceof UnpackError && cause.reason === 'truncated';
    return new NacreError('bad-gzip', `the gzip stream is ${truncated ? 'truncated' : 'damaged'}`, {
      file,
      found: (cause as Error).message,
      expected: 'a whole gzip stream',
      todo: 'copy or export the file again',
      cause,
    });
  },
};

export function isGzip(bytes: Uint8Array): boolean {
  return bytes.length > 2 && bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/** The beginning of a gzip stream: its first four kilobytes unpack to four megabytes at most. @throws NacreError `bad-gzip` */
export function unpackBeginning(bytes: Uint8Array, file: string): Uint8Array {
  return unpackFirst(gzip, bytes, file);
}

/** Unpacks a gzip stream that may not unpack to more than its header declared. @throws NacreError `bad-gzip`, `too-large` */
export function unpackBounded(bytes: Uint8Array, limit: number, file: string): Uint8Array {
  return unpackWhole(gzip, bytes, limit, file);
}
