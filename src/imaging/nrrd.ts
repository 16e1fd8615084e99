import type { NoteAssumption } from '../runtime/assumptions.ts';
import { hexText, latin1Text } from '../runtime/byte-text.ts';
import { NacreError } from '../runtime/errors.ts';
import { type NrrdHeader, parseNrrdHeader } from './nrrd-header.ts';
import { bytesOfVoxels, rawVolume } from './raw-volume.ts';
import { unpackBounded } from './unpack.ts';
import type { Volume } from './volume.ts';

/** A header is text of a few lines; one that goes on is not a header. */
export const longestHeader = 2 ** 16;

export function isNrrd(bytes: Uint8Array): boolean {
  return latin1Text(bytes.subarray(0, 4)) === 'NRRD';
}

/**
 * Reads a NRRD volume: raw or gzip, either byte order, attached or detached header.
 *
 * @param bytes the whole file (the header where it is detached)
 * @param file its name, for errors
 * @param readBeside gives the bytes of the file that a detached header names; without it such headers are refused
 * @throws NacreError as `parseNrrdHeader` does, and `not-an-image`, `truncated`, `bad-gzip`, `too-large`, `voxel-range`
 */
export function parseNrrd(
  bytes: Uint8Array,
  file: string,
  readBeside?: (name: string) => Uint8Array,
  note: NoteAssumption = () => {},
): Volume {
  if (!isNrrd(bytes)) {
    throw new NacreError('not-an-image', 'the file is not NRRD', {
      file,
      found: `it begins with ${hexText(bytes.subarray(0, 4)) || 'nothing'}`,
      expected: 'the letters NRRD',
    });
  }
  const { header, end } = headerOfNrrd(bytes, file, note);
  if (header.dataFile === undefined) return volumeOf(header, bytes.subarray(end), file);
  if (readBeside === undefined) {
    throw new NacreError('detached', 'the header keeps its voxels in another file', {
      file,
      found: header.dataFile,
      expected: 'an attached header',
    });
  }
  return volumeOf(header, readBeside(header.dataFile), header.dataFile);
}

/** The header, and the byte at which it ends. The beginning of the file is enough. @throws as `parseNrrdHeader` */
export function headerOfNrrd(
  bytes: Uint8Array,
  file: string,
  note?: NoteAssumption,
): { header: NrrdHeader; end: number } {
  const { text, end } = splitHeader(bytes);
  return { header: parseNrrdHeader(text, file, note), end };
}

/** The header ends at the first empty line; a detached one may end with the file. */
function splitHeader(bytes: Uint8Array): { text: string; end: number } {
  const limit = Math.min(bytes.length, longestHeader);
  for (let i = 1; i < limit; i++) {
    if (bytes[i] !== 10) continue;
    const empty = bytes[i - 1] === 10 || (bytes[i - 1] === 13 && bytes[i - 2] === 10);
    if (empty) return { text: latin1Text(bytes.subarray(0, i)), end: i + 1 };
  }
  return { text: latin1Text(bytes.subarray(0, limit)), end: limit };
}

function volumeOf(header: NrrdHeader, stored: Uint8Array, file: string): Volume {
  const { encoding, lineSkip, byteSkip } = header;
  const skipped = skipLines(stored, lineSkip, file);
  const packed = encoding === 'gzip';
  const voxels = packed
    ? unpackBounded(skipped, bytesOfVoxels(header) + Math.max(0, byteSkip), file)
    : skipped;
  return rawVolume(header, voxels, byteSkip, { file, unshared: packed });
}

function skipLines(bytes: Uint8Array, lines: number, file: string): Uint8Array {
  let at = 0;
  for (let line = 0; line < lines; line++) {
    const next = bytes.indexOf(10, at);
    if (next < 0) {
      throw new NacreError('truncated', 'the file has fewer lines than its header skips', {
        file,
        found: `${line} lines`,
        expected: `line skip ${lines}`,
      });
    }
    at = next + 1;
  }
  return bytes.subarray(at);
}
