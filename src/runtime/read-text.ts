import { readFileSync } from 'node:fs';
import { decodeText } from './decode-text.ts';
import { NacreError } from './errors.ts';

/**
 * Reads a text file (UTF-8) that a user named.
 *
 * @param what the file as the error names it: `the study file`
 * @param expected what it should be
 * @throws NacreError `file-missing`, `not-utf8`
 */
export function readText(path: string, what: string, expected: string, todo: string): string {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(path);
  } catch (cause) {
    throw new NacreError('file-missing', `cannot read ${what}`, {
      file: path,
      found: (cause as NodeJS.ErrnoException).code,
      expected,
      todo,
      cause,
    });
  }
  return decodeText(bytes, { file: path, what });
}
