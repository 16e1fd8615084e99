import { hexText, latin1Text } from '../runtime/byte-text.ts';
import { isGzip, unpackBeginning } from './unpack.ts';

/** Likely format of a file that is neither NIfTI nor NRRD, and advice. */
export interface FileKind {
  found: string;
  todo: string;
}

const kinds: readonly { begins: string; at?: number; found: string; todo: string }[] = [
  { begins: 'DICM', at: 128, found: 'a DICOM file', todo: 'name the folder of its series' },
  {
    begins: 'version https://git-lfs',
    found: 'a Git LFS pointer, not the file itself',
    todo: 'fetch the file (git lfs pull)',
  },
  {
    begins: '/annex/objects/',
    found: 'a git-annex pointer, not the file itself',
    todo: 'fetch the file (git annex get, datalad get)',
  },
  { begins: 'PK\u0003\u0004', found: 'a zip archive', todo: 'unpack it and name the image in it' },
  { begins: '\u0089HDF', found: 'an HDF5 file (MINC 2?)', todo: 'convert it (mnc2nii)' },
  { begins: 'CDF', found: 'a NetCDF file (MINC?)', todo: 'convert it (mnc2nii)' },
  { begins: '\u0089PNG', found: 'a PNG picture', todo: 'name the scan that it was made of' },
  {
    begins: '\u00ff\u00d8\u00ff',
    found: 'a JPEG picture',
    todo: 'name the scan that it was made of',
  },
  { begins: '%PDF', found: 'a PDF document', todo: 'name the scan' },
  { begins: 'PAR1', found: 'a Parquet table', todo: 'name the scan' },
  { begins: '{', found: 'JSON text', todo: 'name the scan itself, not the file that describes it' },
  {
    begins: '<',
    found: 'HTML or XML, such as the error page of a download',
    todo: 'download it again',
  },
];

/** Describes bytes by how they begin, unpacked where they are gzip. */
export function fileKind(bytes: Uint8Array, path: string): FileKind {
  const named = /\.gz$/i.test(path);
  if (bytes.length === 0) {
    return { found: 'an empty file', todo: 'copy or export the file again' };
  }
  const packed = isGzip(bytes);
  const beginning = packed ? beginningOf(bytes) : bytes;
  const wrap = packed ? ' packed with gzip' : named ? ' (named .gz, but not gzip)' : '';
  if (beginning.length === 0) {
    return { found: 'a gzip file with nothing in it', todo: 'copy or export the file again' };
  }
  const text = latin1Text(beginning.subarray(0, 256));
  const kind = kinds.find(({ begins, at = 0 }) => text.startsWith(begins, at));
  if (kind !== undefined) return { found: kind.found + wrap, todo: kind.todo };
  if (packed && text.startsWith('NRRD')) {
    return {
      found: 'a NRRD file packed as a whole',
      todo: 'unpack it (gunzip): NRRD packs its voxels itself',
    };
  }
  if (packed && isGzip(beginning)) {
    return { found: 'a file packed with gzip twice', todo: 'unpack it once (gunzip)' };
  }
  if (beginning.subarray(0, 512).every((byte) => byte === 0)) {
    return { found: `a file that begins with zeros${wrap}`, todo: 'copy or export the file again' };
  }
  return {
    found: `a file that begins with ${hexText(beginning.subarray(0, 4))}${wrap}`,
    todo: 'convert it to one of these',
  };
}

function beginningOf(bytes: Uint8Array): Uint8Array {
  try {
    return unpackBeginning(bytes, '');
  } catch {
    return bytes;
  }
}
