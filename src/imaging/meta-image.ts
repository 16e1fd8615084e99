import type { NoteAssumption } from '../runtime/assumptions.ts';
import { latin1Text } from '../runtime/byte-text.ts';
import { NacreError } from '../runtime/errors.ts';
import { inflate } from '../runtime/packed-bytes.ts';
import { type MetaImageHeader, parseMetaImageHeader } from './meta-image-header.ts';
import { type Packing, unpackWhole } from './packed-stream.ts';
import { bytesOfVoxels, rawVolume } from './raw-volume.ts';
import type { Volume } from './volume.ts';

/** A header is text of some lines. */
const longestHeader = 2 ** 16;

/** The first field of a header, `ObjectType` or, in old files, `NDims`. */
export function isMetaImage(bytes: Uint8Array): boolean {
  const text = latin1Text(bytes.subarray(0, 64));
  return /^(?:Comment|ObjectType|ObjectSubType|NDims)\s*=/.test(text);
}

const zlib: Packing = {
  name: 'zlib stream',
  unpack: inflate,
  firstBytes: 4096,
  damaged(file, cause) {
    return new NacreError('bad-gzip', 'the packed voxels are damaged', {
      file,
      found: (cause as Error).message,
      expected: 'a whole zlib stream',
      todo: 'copy or export the file again',
      cause,
    });
  },
};

/**
 * Reads a MetaImage volume (.mha, or .mhd with its voxels in a file beside it): plain or zlib, either byte order, LPS as ITK has it.
 *
 * @param bytes the whole file (the header where it is detached)
 * @param file its name, for errors
 * @param readBeside gives the bytes of the file that a detached header names; without it such headers are refused
 * @throws NacreError as `parseMetaImageHeader` does, and `detached`, `truncated`, `bad-gzip`, `too-large`, `voxel-range`
 */
export function parseMetaImage(
  bytes: Uint8Array,
  file: string,
  readBeside?: (name: string) => Uint8Array,
  note: NoteAssumption = () => {},
): Volume {
  const { header, end } = headerOfMetaImage(bytes, file, note);
  if (header.dataFile === undefined) return volumeOf(header, bytes.subarray(end), file);
  if (readBeside === undefined) {
    throw new NacreError('detached', 'the header keeps its voxels in another file', {
      file,
      found: header.dataFile,
      expected: 'ElementDataFile = LOCAL',
    });
  }
  return volumeOf(header, readBeside(header.dataFile), header.dataFile);
}

/** The header, and the byte at which it ends: the line of `ElementDataFile` is the last. */
export function headerOfMetaImage(
  bytes: Uint8Array,
  file: string,
  note?: NoteAssumption,
): { header: MetaImageHeader; end: number } {
  const text = latin1Text(bytes.subarray(0, longestHeader));
  const last = /^ElementDataFile\s*=[^\n]*(?:\n|$)/m.exec(text);
  const end = last === null ? text.length : last.index + last[0].length;
  return { header: parseMetaImageHeader(text.slice(0, end), file, note), end };
}

function volumeOf(header: MetaImageHeader, stored: Uint8Array, file: string): Volume {
  const { packed, headerSize } = header;
  const after = headerSize > 0 ? stored.subarray(headerSize) : stored;
  const voxels = packed ? unpackWhole(zlib, after, bytesOfVoxels(header), file) : after;
  return rawVolume(header, voxels, headerSize === -1 && !packed ? -1 : 0, {
    file,
    unshared: packed,
  });
}
