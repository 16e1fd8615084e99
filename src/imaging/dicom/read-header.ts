import { NacreError } from '../../runtime/errors.ts';
import { unreadable } from '../../runtime/unreadable.ts';
import type { FileSource } from '../file-source.ts';
import { parseDataSet } from './data-set.ts';
import { type DicomHeader, headerOf, parseDicomHeader } from './header.ts';
import { largestFile } from './largest-file.ts';

/** How much of a file is read first; most headers end within. */
const firstRead = 2 ** 16;

/**
 * Reads the header of a DICOM file: the first 64 kB of it, more only where the header is longer.
 *
 * @throws NacreError `file-missing`, `not-dicom`, `transfer-syntax`, `bad-dicom`, `too-large`
 */
export function readHeaderFrom(files: FileSource, path: string): DicomHeader {
  let size: number;
  let beginning: Uint8Array;
  try {
    size = files.size(path);
    beginning = files.read(path, Math.min(size, firstRead));
  } catch (cause) {
    throw unreadable('the file', path, cause);
  }
  if (size > firstRead) {
    const header = headerOfBeginning(beginning, path, size);
    if (header !== undefined) return header;
  }
  if (size > largestFile) {
    throw new NacreError('too-large', 'the file is larger than any scan', {
      file: path,
      found: `${size} bytes`,
      expected: `${largestFile} bytes at most`,
    });
  }
  return parseDicomHeader(size > firstRead ? files.read(path) : beginning, path);
}

/** The header where it ends within the beginning of the file. */
function headerOfBeginning(
  beginning: Uint8Array,
  file: string,
  size: number,
): DicomHeader | undefined {
  try {
    const parsed = parseDataSet(beginning, file, { headerOnly: true });
    return parsed.complete ? undefined : headerOf(parsed, size);
  } catch (error) {
    if (error instanceof NacreError && error.code === 'bad-dicom') return undefined;
    throw error;
  }
}
