import { closeSync, openSync, readdirSync, readSync, realpathSync, statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { NacreError } from '../../runtime/errors.ts';
import { unreadable } from '../../runtime/unreadable.ts';
import { isDicom } from './data-set.ts';

/** Files below a folder, distinguished by content. */
export interface DicomFolder {
  /** Sorted. */
  dicom: string[];
  /** Files of other kinds. */
  others: string[];
}

/** Deepest level of a folder that holds one scan. */
const deepest = 16;

/**
 * All DICOM files in a folder and the folders below. A DICOMDIR is not read: files are found by walking, so that it
 * cannot point outside the folder. A symbolic link that does is refused.
 *
 * @throws NacreError `path-escapes`, `file-missing`
 */
export function dicomFilesBelow(folder: string): DicomFolder {
  const found: DicomFolder = { dicom: [], others: [] };
  let root: string;
  try {
    root = realpathSync(folder);
    walk(folder, 0);
  } catch (cause) {
    if (cause instanceof NacreError) throw cause;
    throw unreadable('the folder', folder, cause, { expected: 'a readable folder' });
  }
  return found;

  function walk(at: string, depth: number): void {
    const entries = readdirSync(at, { withFileTypes: true });
    entries.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
    for (const entry of entries) {
      const path = join(at, entry.name);
      if (entry.isSymbolicLink() && leaves(path)) {
        throw new NacreError(
          'path-escapes',
          'a symbolic link leads out of the folder of the scan',
          {
            file: path,
            expected: 'files below the folder',
            todo: 'copy the file into the folder',
          },
        );
      }
      const kind = entry.isSymbolicLink() ? statSync(path) : entry;
      if (kind.isDirectory()) {
        // A link to a folder would be walked twice.
        if (depth < deepest && !entry.isSymbolicLink()) walk(path, depth + 1);
      } else if (kind.isFile()) {
        (beginsLikeDicom(path) ? found.dicom : found.others).push(path);
      }
    }
  }

  function leaves(path: string): boolean {
    const way = relative(root, realpathSync(path));
    return way === '..' || way.startsWith(`..${sep}`);
  }
}

/** True where a file holds the DICOM prefix. */
export function beginsLikeDicom(path: string): boolean {
  const handle = openSync(path, 'r');
  try {
    const beginning = new Uint8Array(132);
    return readSync(handle, beginning, 0, 132, 0) === 132 && isDicom(beginning);
  } finally {
    closeSync(handle);
  }
}
