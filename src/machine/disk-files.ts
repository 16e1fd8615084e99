import {
  closeSync,
  existsSync,
  lstatSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  realpathSync,
  statSync,
} from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import type { FileSource } from '../imaging/file-source.ts';
import { NacreError } from '../runtime/errors.ts';
import { sha256OfFile } from '../runtime/hash-file.ts';
import { unreadable } from '../runtime/unreadable.ts';
import { FileBuffer } from './file-buffer.ts';

/** Deepest level of a folder that holds one scan. */
const deepest = 16;

/** The files of this machine. */
export const diskFiles: FileSource = {
  exists: existsSync,
  isFolder: (path) => statSync(path).isDirectory(),
  size: (path) => statSync(path).size,
  read: (path, length) => (length === undefined ? readFileSync(path) : firstBytes(path, length)),
  reader() {
    const buffer = new FileBuffer();
    return (path) => buffer.read(path);
  },
  hash: sha256OfFile,
  beside,
  filesBelow,
  contents(folder) {
    const link = lstatSync(folder).isSymbolicLink() ? realpathSync(folder) : undefined;
    return { entries: readdirSync(folder), link };
  },
};

function firstBytes(path: string, length: number): Uint8Array {
  const handle = openSync(path, 'r');
  try {
    const bytes = new Uint8Array(length);
    let at = 0;
    while (at < length) {
      const read = readSync(handle, bytes, at, length - at, at);
      if (read === 0) break;
      at += read;
    }
    return bytes.subarray(0, at);
  } finally {
    closeSync(handle);
  }
}

/** The voxel file of a detached header: in the header's folder, also when it is a symbolic link. */
function beside(header: string, name: string): string {
  const plain = join(dirname(header), name);
  // The voxels of a pair may be packed.
  const path = !existsSync(plain) && existsSync(`${plain}.gz`) ? `${plain}.gz` : plain;
  if (!existsSync(path) || dirname(realpathSync(path)) === realpathSync(dirname(header)))
    return path;
  throw new NacreError(
    'path-escapes',
    'the voxel file is a link that leads out of the folder of its header',
    {
      file: header,
      found: name,
      expected: 'a file beside the header',
      todo: 'copy the voxel file there',
    },
  );
}

/** A symbolic link that leads out of the folder is refused. */
function filesBelow(folder: string): string[] {
  const found: string[] = [];
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
      } else if (kind.isFile()) found.push(path);
    }
  }

  function leaves(path: string): boolean {
    const way = relative(root, realpathSync(path));
    return way === '..' || way.startsWith(`..${sep}`);
  }
}
