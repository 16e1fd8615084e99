import { NacreError } from '../../runtime/errors.ts';
import { unreadable } from '../../runtime/unreadable.ts';
import type { FileSource } from '../file-source.ts';
import { beginsLikeDicom } from './is-dicom.ts';

/** Files below a folder, distinguished by content. */
export interface DicomFolder {
  /** Sorted. */
  dicom: string[];
  /** Files of other kinds. */
  others: string[];
}

/**
 * All DICOM files in a folder and the folders below. A DICOMDIR is not read: files are found by walking, so that it
 * cannot point outside the folder. A symbolic link that does is refused.
 *
 * @throws NacreError `path-escapes`, `file-missing`
 */
export function dicomFilesBelow(files: FileSource, folder: string): DicomFolder {
  const found: DicomFolder = { dicom: [], others: [] };
  try {
    for (const path of files.filesBelow(folder)) {
      (beginsLikeDicom(files, path) ? found.dicom : found.others).push(path);
    }
  } catch (cause) {
    if (cause instanceof NacreError) throw cause;
    throw unreadable('the folder', folder, cause, { expected: 'a readable folder' });
  }
  return found;
}
