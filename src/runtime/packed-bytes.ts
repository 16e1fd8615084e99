import { Inflate, type InflateOptions, gzip as plainGzip } from 'pako';
import { nativeBuiltin } from './native-builtin.ts';

/** Why packed bytes do not unpack; the message is zlib's. */
export class UnpackError extends Error {
  readonly reason: 'truncated' | 'damaged' | 'too-large';

  constructor(reason: UnpackError['reason'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }
}

export interface UnpackOptions {
  /** Most bytes that may come out. Default: no bound. */
  limit?: number | undefined;
  /** The bytes are the beginning of a stream: what they unpack to is given, and no end expected. Default false. */
  beginning?: boolean | undefined;
}

/** @throws UnpackError */
export type Unpack = (packed: Uint8Array, options?: UnpackOptions) => Uint8Array;

const native = nativeBuiltin('node:zlib');

/** Unpacks gzip, with one member or several. */
export const gunzip: Unpack =
  native === undefined ? inflater({ windowBits: 31 }) : nativeUnpack(native.gunzipSync);

/** Unpacks a zlib stream. */
export const inflate: Unpack =
  native === undefined ? inflater({ windowBits: 15 }) : nativeUnpack(native.inflateSync);

/** Unpacks deflate without a header. */
export const inflateRaw: Unpack =
  native === undefined ? inflater({ raw: true }) : nativeUnpack(native.inflateRawSync);

/** Packs with gzip at level 6. The header carries no time. */
export function gzip(bytes: Uint8Array): Uint8Array {
  return native === undefined
    ? plainGzip(bytes, { level: 6 })
    : native.gzipSync(bytes, { level: 6 });
}

function nativeUnpack(unpack: NonNullable<typeof native>['gunzipSync']): Unpack {
  const { Z_SYNC_FLUSH, Z_FINISH } = (native as NonNullable<typeof native>).constants;
  return (packed, { limit, beginning = false } = {}) => {
    try {
      return unpack(packed, {
        finishFlush: beginning ? Z_SYNC_FLUSH : Z_FINISH,
        ...(beginning ? {} : { chunkSize: pieceSize(packed, limit) }),
        ...(limit === undefined ? {} : { maxOutputLength: Math.max(1, limit) }),
      });
    } catch (cause) {
      const { code, message } = cause as NodeJS.ErrnoException;
      const reason =
        code === 'ERR_BUFFER_TOO_LARGE'
          ? 'too-large'
          : code === 'Z_BUF_ERROR'
            ? 'truncated'
            : 'damaged';
      throw new UnpackError(reason, message, { cause });
    }
  };
}

/**
 * Size of the pieces in which zlib unpacks: the whole in one, where the bytes say how long it is. Pieces of zlib's own 16 KiB are
 * copied together at the end, so that a scan is written twice and the collector has hundreds of buffers to free.
 */
function pieceSize(packed: Uint8Array, limit = Number.POSITIVE_INFINITY): number {
  const isGzip = packed.length >= 18 && packed[0] === 0x1f && packed[1] === 0x8b;
  // The last four bytes of gzip are the unpacked length modulo 2^32. A wrong one costs further pieces, no more.
  const declared = isGzip
    ? new DataView(packed.buffer, packed.byteOffset).getUint32(packed.length - 4, true)
    : packed.length * usualTimes;
  // One byte more than the content, because zlib takes another piece when one is full.
  return Math.max(64, 1 + Math.min(declared, limit, packed.length * mostTimes, largestPiece));
}

/** Deflate packs no tighter than 1:1032. */
const mostTimes = 1032;
/** A scan packs to a third or a half. */
const usualTimes = 4;
const largestPiece = 2 ** 30;

/** The same in plain JavaScript, piece by piece, so that the bound holds before the memory is taken. */
export function inflater(format: InflateOptions): Unpack {
  return (packed, { limit = Number.POSITIVE_INFINITY, beginning = false } = {}) => {
    const stream = new Inflate({ ...format, chunkSize: 2 ** 18 });
    const pieces: Uint8Array[] = [];
    let size = 0;
    stream.onData = (piece) => {
      size += piece.length;
      if (size > Math.max(1, limit)) throw new UnpackError('too-large', 'more than is allowed');
      pieces.push(piece);
    };
    stream.push(packed, syncFlush);
    if (stream.err !== 0) throw new UnpackError('damaged', stream.msg);
    if (!stream.ended && !beginning) throw new UnpackError('truncated', 'unexpected end of file');
    const whole = new Uint8Array(size);
    let at = 0;
    for (const piece of pieces) {
      whole.set(piece, at);
      at += piece.length;
    }
    return whole;
  };
}

/** zlib's Z_SYNC_FLUSH: gives what the bytes unpack to so far. */
const syncFlush = 2;
