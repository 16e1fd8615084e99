import { crc32, inflateRawSync } from 'node:zlib';
import { NacreError } from '../../runtime/errors.ts';
import { type ByteSource, memoryByteSource, requireRange } from './byte-source.ts';
import { invalidCheckpoint } from './invalid-checkpoint.ts';

/** A file in a zip archive, as its central directory lists it. */
export interface ZipEntry {
  name: string;
  /** Deflated rather than stored. */
  deflated: boolean;
  crc32: number;
  compressedBytes: number;
  bytes: number;
  /** Position of the local header. */
  header: number;
}

const mostDirectoryBytes = 32 * 1024 * 1024;
/** Weights shrink by less than half; a directory and some zero counters by a little more. */
const mostInflation = 16;

/**
 * Reads the central directory of a zip archive, ZIP64 included (PKWARE APPNOTE 4.3.12 to 4.5.3). Local headers are
 * not searched: an entry that the directory does not list does not exist.
 *
 * @throws NacreError `checkpoint-invalid`, `truncated`, `too-large` for a zip bomb
 */
export function readZipDirectory(source: ByteSource): Map<string, ZipEntry> {
  const { position, bytes, count } = findDirectory(source);
  if (bytes > mostDirectoryBytes) {
    throw invalidCheckpoint(
      source,
      'the directory is too long',
      `${bytes} bytes`,
      `${mostDirectoryBytes}`,
    );
  }
  const raw = readBytes(source, position, bytes);
  const view = new DataView(raw.buffer);
  const entries = new Map<string, ZipEntry>();
  let stored = 0;
  let inflated = 0;
  for (let at = 0, i = 0; i < count; i++) {
    if (at + 46 > bytes || view.getUint32(at, true) !== 0x02014b50) {
      throw invalidCheckpoint(source, 'the directory is damaged', `entry ${i} of ${count}`);
    }
    const nameLength = view.getUint16(at + 28, true);
    const extraLength = view.getUint16(at + 30, true);
    const next = at + 46 + nameLength + extraLength + view.getUint16(at + 32, true);
    if (next > bytes)
      throw invalidCheckpoint(source, 'the directory is damaged', `entry ${i} of ${count}`);
    const name = Buffer.from(raw.buffer, at + 46, nameLength).toString('utf8');
    const extra = new DataView(raw.buffer, at + 46 + nameLength, extraLength);
    const entry = readEntry(source, name, view, at, extra);
    if (entries.has(name)) throw invalidCheckpoint(source, 'the archive lists a file twice', name);
    entries.set(name, entry);
    if (entry.deflated) inflated += entry.bytes;
    else stored += entry.bytes;
    at = next;
  }
  const allowed = mostInflation * source.size + 1024 * 1024;
  if (inflated > allowed || stored > source.size) {
    throw new NacreError('too-large', 'the archive unpacks to far more than its size', {
      file: source.name,
      found: `${inflated + stored} bytes in ${source.size}`,
      expected: `at most ${allowed}`,
      todo: 'a zip bomb or a damaged file: fetch it again from its publisher',
    });
  }
  return entries;
}

/** Position of the directory: its end record is searched from the end of the file (a comment may follow it). */
function findDirectory(source: ByteSource): { position: number; bytes: number; count: number } {
  const length = Math.min(source.size, 65_535 + 22);
  const start = source.size - length;
  const tail = readBytes(source, start, length);
  const view = new DataView(tail.buffer);
  for (let at = length - 22; at >= 0; at--) {
    if (view.getUint32(at, true) !== 0x06054b50) continue;
    if (at + 22 + view.getUint16(at + 20, true) > length) continue;
    if (at >= 20 && view.getUint32(at - 20, true) === 0x07064b50) {
      return zip64Directory(source, whole(source, view.getBigUint64(at - 12, true)));
    }
    return {
      count: view.getUint16(at + 10, true),
      bytes: view.getUint32(at + 12, true),
      position: view.getUint32(at + 16, true),
    };
  }
  throw new NacreError('truncated', 'the archive has no directory at its end', {
    file: source.name,
    found: `${source.size} bytes`,
    expected: 'a whole zip archive',
    todo: 'copy or fetch it again',
  });
}

function zip64Directory(source: ByteSource, at: number) {
  const view = new DataView(readBytes(source, at, 56).buffer);
  if (view.getUint32(0, true) !== 0x06064b50) {
    throw invalidCheckpoint(source, 'the ZIP64 end record is damaged');
  }
  return {
    count: whole(source, view.getBigUint64(32, true)),
    bytes: whole(source, view.getBigUint64(40, true)),
    position: whole(source, view.getBigUint64(48, true)),
  };
}

function readEntry(
  source: ByteSource,
  name: string,
  view: DataView,
  at: number,
  extra: DataView,
): ZipEntry {
  const method = view.getUint16(at + 10, true);
  if (method !== 0 && method !== 8) {
    throw invalidCheckpoint(
      source,
      `${name} is packed in another way`,
      `method ${method}`,
      '0 or 8',
    );
  }
  if (view.getUint16(at + 8, true) & 1) throw invalidCheckpoint(source, `${name} is encrypted`);
  const entry: ZipEntry = {
    name,
    deflated: method === 8,
    crc32: view.getUint32(at + 16, true),
    compressedBytes: view.getUint32(at + 20, true),
    bytes: view.getUint32(at + 24, true),
    header: view.getUint32(at + 42, true),
  };
  widen(source, entry, extra);
  if (!entry.deflated && entry.bytes !== entry.compressedBytes) {
    throw invalidCheckpoint(source, `${name} is stored in two sizes`);
  }
  requireRange(source, entry.header, 30);
  requireRange(source, entry.header + 30, entry.compressedBytes);
  return entry;
}

/** Takes 64-bit sizes from the extra field where the 32-bit ones are full (tag 1). */
function widen(source: ByteSource, entry: ZipEntry, extra: DataView): void {
  const full = 0xffffffff;
  for (let at = 0; at + 4 <= extra.byteLength; ) {
    const tag = extra.getUint16(at, true);
    const end = at + 4 + extra.getUint16(at + 2, true);
    if (end > extra.byteLength) return;
    if (tag === 1) {
      let from = at + 4;
      for (const field of ['bytes', 'compressedBytes', 'header'] as const) {
        if (entry[field] !== full) continue;
        if (from + 8 > end)
          throw invalidCheckpoint(source, `the ZIP64 field of ${entry.name} is too short`);
        entry[field] = whole(source, extra.getBigUint64(from, true));
        from += 8;
      }
    }
    at = end;
  }
}

/** Position of a stored entry's first byte; checks its local header. */
function entryPosition(source: ByteSource, entry: ZipEntry): number {
  const view = new DataView(readBytes(source, entry.header, 30).buffer);
  if (view.getUint32(0, true) !== 0x04034b50) {
    throw invalidCheckpoint(source, `the header of ${entry.name} is damaged`);
  }
  const position = entry.header + 30 + view.getUint16(26, true) + view.getUint16(28, true);
  requireRange(source, position, entry.compressedBytes);
  return position;
}

/**
 * An entry as a source of its own, and where it starts there: a stored one stays in the file, a deflated one is
 * unpacked to at most the size that the directory gives. The checksum is verified.
 *
 * @throws NacreError `checkpoint-invalid` when the checksum differs or it unpacks to another size
 */
export function openEntry(
  source: ByteSource,
  entry: ZipEntry,
): { source: ByteSource; position: number } {
  const position = entryPosition(source, entry);
  if (!entry.deflated) {
    verify(source, entry, position, source);
    return { source, position };
  }
  let unpacked: Uint8Array;
  try {
    const packed = readBytes(source, position, entry.compressedBytes);
    unpacked = inflateRawSync(packed, { maxOutputLength: Math.max(1, entry.bytes) });
  } catch (cause) {
    throw new NacreError('checkpoint-invalid', `${entry.name} does not unpack`, {
      file: source.name,
      found: (cause as Error).message,
      expected: `${entry.bytes} bytes`,
      cause,
    });
  }
  if (unpacked.length !== entry.bytes) {
    throw invalidCheckpoint(
      source,
      `${entry.name} unpacks to another size`,
      `${unpacked.length} bytes`,
    );
  }
  const inner = memoryByteSource(source.name, unpacked);
  verify(inner, entry, 0, source);
  return { source: inner, position: 0 };
}

function verify(bytes: ByteSource, entry: ZipEntry, position: number, archive: ByteSource): void {
  const window = new Uint8Array(Math.min(1024 * 1024, entry.bytes));
  let sum = 0;
  for (let at = 0; at < entry.bytes; at += window.length) {
    const part = window.subarray(0, Math.min(window.length, entry.bytes - at));
    bytes.readInto(part, position + at);
    sum = crc32(part, sum);
  }
  if (sum === entry.crc32) return;
  const hex = (value: number) => `crc32 ${value.toString(16).padStart(8, '0')}`;
  throw invalidCheckpoint(archive, `${entry.name} is damaged`, hex(sum), hex(entry.crc32));
}

function readBytes(source: ByteSource, position: number, length: number): Uint8Array<ArrayBuffer> {
  requireRange(source, position, length);
  const bytes = new Uint8Array(length);
  source.readInto(bytes, position);
  return bytes;
}

function whole(source: ByteSource, value: bigint): number {
  if (value <= BigInt(Number.MAX_SAFE_INTEGER)) return Number(value);
  throw invalidCheckpoint(source, 'a size in the archive is beyond reason', String(value));
}
