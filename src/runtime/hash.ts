import { sha1 as plainSha1 } from '@noble/hashes/legacy.js';
import { sha256 as plainSha256 } from '@noble/hashes/sha2.js';
import { hexText, utf8Bytes } from './byte-text.ts';
import { nativeBuiltin } from './native-builtin.ts';

const native = nativeBuiltin('node:crypto');

/** SHA-256 of a string (UTF-8) or bytes, lower-case hex. */
export function sha256(data: string | Uint8Array): string {
  return native === undefined
    ? hexText(sha256Bytes(data))
    : native.createHash('sha256').update(data).digest('hex');
}

/** The 32 bytes of the same. */
export function sha256Bytes(data: string | Uint8Array): Uint8Array {
  return native === undefined
    ? plainSha256(bytesOf(data))
    : native.createHash('sha256').update(data).digest();
}

/** SHA-1 of bytes, lower-case hex: a mark that other programs give too, no protection. */
export function sha1(bytes: Uint8Array): string {
  return sha1OfPieces([bytes]);
}

/** SHA-1 of bytes that come in pieces; a piece may lie where the one before it lay. */
export function sha1OfPieces(pieces: Iterable<Uint8Array>): string {
  const hash = native === undefined ? plainSha1.create() : native.createHash('sha1');
  for (const piece of pieces) hash.update(piece);
  return hexText(hash.digest());
}

/** JSON with keys in sorted order at every depth, so that equal settings give equal text and equal hashes. */
export function canonicalJson(value: unknown, indent?: number): string {
  return JSON.stringify(sortKeys(value), null, indent);
}

function bytesOf(data: string | Uint8Array): Uint8Array {
  return typeof data === 'string' ? utf8Bytes(data) : data;
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (
    value !== null &&
    typeof value === 'object' &&
    Object.getPrototypeOf(value) === Object.prototype
  ) {
    const entries = Object.entries(value as Record<string, unknown>)
      .filter(([, v]) => v !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
    return Object.fromEntries(entries.map(([k, v]) => [k, sortKeys(v)]));
  }
  return value;
}
