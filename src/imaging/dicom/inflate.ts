import { NacreError } from '../../runtime/errors.ts';
import { inflateRaw } from '../../runtime/packed-bytes.ts';
import { type Packing, unpackFirst, unpackWhole } from '../packed-stream.ts';

/** A deflated data set (PS3.5, A.5); its first bytes unpack to 16 MB at most. */
const deflated: Packing = {
  name: 'deflated file',
  unpack: inflateRaw,
  firstBytes: 2 ** 14,
  damaged: (file, cause) =>
    new NacreError('bad-dicom', 'the deflated part of the file is damaged', {
      file,
      expected: 'a whole deflate stream',
      todo: 'copy or export the file again',
      cause,
    }),
};

/** The beginning of a deflated data set, as far as a few packed bytes reach. @throws NacreError `bad-dicom` */
export function inflateBeginning(packed: Uint8Array, file: string): Uint8Array {
  return unpackFirst(deflated, packed, file);
}

/** Unpacks a deflated data set that may hold no more than its header declares. @throws NacreError `bad-dicom`, `too-large` */
export function inflateBounded(packed: Uint8Array, limit: number, file: string): Uint8Array {
  return unpackWhole(deflated, packed, limit, file);
}
