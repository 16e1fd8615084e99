import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { largestFile } from '../imaging/dicom/largest-file.ts';
import { NacreError } from '../runtime/errors.ts';
import { unreadable } from '../runtime/unreadable.ts';

/** Reads files into one buffer, each over the one before: a series of hundreds of files then needs the memory of one. */
export class FileBuffer {
  #bytes = new Uint8Array(0);

  /**
   * The bytes of a file, until the next one is read.
   *
   * @throws NacreError `file-missing`, `too-large`
   */
  read(file: string): Uint8Array {
    try {
      const handle = openSync(file, 'r');
      try {
        const { size } = fstatSync(handle);
        if (size > largestFile) throw tooLarge(file, size);
        if (this.#bytes.length < size) this.#bytes = new Uint8Array(size);
        let at = 0;
        while (at < size) {
          const read = readSync(handle, this.#bytes, at, size - at, at);
          if (read === 0) break;
          at += read;
        }
        return this.#bytes.subarray(0, at);
      } finally {
        closeSync(handle);
      }
    } catch (cause) {
      if (cause instanceof NacreError) throw cause;
      throw unreadable('the file', file, cause);
    }
  }
}

function tooLarge(file: string, size: number): NacreError {
  return new NacreError('too-large', 'the file is larger than any scan', {
    file,
    found: `${size} bytes`,
    expected: `${largestFile} bytes at most`,
  });
}
