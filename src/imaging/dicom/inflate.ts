import { constants, inflateRawSync } from 'node:zlib';
import { NacreError } from '../../runtime/errors.ts';
import { beyondDeclared } from '../unpack.ts';

/** This many packed bytes are looked at first: they unpack to 16 MB at most, since deflate packs no tighter than 1:1032. */
const firstBytes = 2 ** 14;

/** The beginning of a deflated data set (PS3.5, A.5), as far as a few packed bytes reach. */
export function inflateBeginning(packed: Uint8Array, file: string): Uint8Array {
  try {
    return inflateRawSync(packed.subarray(0, firstBytes), { finishFlush: constants.Z_SYNC_FLUSH });
  } catch (cause) {
    throw damaged(file, cause);
  }
}

/**
 * Unpacks a deflated data set that may hold no more than its header declares.
 *
 * @param limit bytes
 * @throws NacreError `bad-dicom`, `too-large`
 */
export function inflateBounded(packed: Uint8Array, limit: number, file: string): Uint8Array {
  try {
    return inflateRawSync(packed, { maxOutputLength: limit });
  } catch (cause) {
    throw beyondDeclared('deflated file', { cause, file, limit }) ?? damaged(file, cause);
  }
}

function damaged(file: string, cause: unknown): NacreError {
  return new NacreError('bad-dicom', 'the deflated part of the file is damaged', {
    file,
    expected: 'a whole deflate stream',
    todo: 'copy or export the file again',
    cause,
  });
}
