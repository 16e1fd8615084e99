import { sha256 } from '../runtime/hash.ts';
import type { FileSource } from './file-source.ts';

/** A file that is in memory, such as one that was dropped on a page. */
export interface NamedFile {
  /** Its path with `/` between folders: `scan.nii.gz`, `series/0001.dcm`. */
  name: string;
  bytes: Uint8Array;
}

/** Files in memory, for readers. The folder of all of them is `.`. */
export function namedFiles(list: Iterable<NamedFile>): FileSource {
  const files = new Map<string, Uint8Array>();
  for (const { name, bytes } of list) files.set(plainPath(name), bytes);
  const names = [...files.keys()].sort();

  const below = (folder: string) => {
    const path = plainPath(folder);
    return path === '' ? names : names.filter((name) => name.startsWith(`${path}/`));
  };
  const bytesOf = (path: string) => {
    const bytes = files.get(plainPath(path));
    if (bytes === undefined) throw absent(path);
    return bytes;
  };
  return {
    exists: (path) => files.has(plainPath(path)) || below(path).length > 0,
    isFolder(path) {
      if (files.has(plainPath(path))) return false;
      if (below(path).length > 0) return true;
      throw absent(path);
    },
    size: (path) => bytesOf(path).length,
    read: (path, length) => bytesOf(path).subarray(0, length),
    reader: () => bytesOf,
    hash: async (path) => sha256(bytesOf(path)),
    beside(file, name) {
      const path = plainPath(file.slice(0, file.lastIndexOf('/') + 1) + name);
      // The voxels of a pair may be packed.
      return !files.has(path) && files.has(`${path}.gz`) ? `${path}.gz` : path;
    },
    filesBelow: (folder) => [...below(folder)],
    contents(folder) {
      const start = plainPath(folder) === '' ? 0 : plainPath(folder).length + 1;
      return {
        entries: [...new Set(below(folder).map((name) => name.slice(start).split('/')[0]))],
      };
    },
  };
}

/** Without `.`, empty parts and a slash at either end. */
function plainPath(path: string): string {
  return path
    .split('/')
    .filter((part) => part !== '' && part !== '.')
    .join('/');
}

function absent(path: string): Error {
  return Object.assign(new Error(`no file of that name: ${path}`), { code: 'ENOENT' });
}
