import { NacreError } from '../runtime/errors.ts';
import { unreadable } from '../runtime/unreadable.ts';

/**
 * Where readers get their files: this machine's disk (`machine/disk-files.ts`), or what was dropped on a page
 * (`named-files.ts`). A path is whatever the source understands. Errors are those of the source, with a code such as
 * ENOENT; readers say which file it was.
 */
export interface FileSource {
  /** True where a file or a folder lies there. */
  exists(path: string): boolean;
  isFolder(path: string): boolean;
  /** Bytes of a file. */
  size(path: string): number;
  /** A file, or the first bytes of it. */
  read(path: string, length?: number): Uint8Array;
  /** Reads files one after the other; the bytes stay valid until the next one is read. */
  reader(): (path: string) => Uint8Array;
  /** SHA-256 of a file. */
  hash(path: string): Promise<string>;
  /** Path of a file in the folder of another. @throws NacreError `path-escapes` where a link leads out of it */
  beside(file: string, name: string): string;
  /** The files in a folder and the folders below, sorted. @throws NacreError `path-escapes`, `file-missing` */
  filesBelow(folder: string): string[];
  /** What a folder holds, and where it is if the path is a link to it: for messages. */
  contents(folder: string): { entries: string[]; link?: string | undefined };
}

/** A file as a whole. @throws NacreError `file-missing` */
export function readWhole(files: FileSource, path: string): Uint8Array {
  return reported(path, () => files.read(path));
}

/** Runs a step that reads an image, so that its error names the file. @throws NacreError `file-missing` */
export function reported<T>(path: string, step: () => T): T {
  try {
    return step();
  } catch (cause) {
    if (cause instanceof NacreError) throw cause;
    throw unreadable('the image', path, cause);
  }
}
