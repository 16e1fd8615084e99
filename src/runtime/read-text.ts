import { readFileSync } from 'node:fs';
import { NacreError } from './errors.ts';

/**
 * Reads a text file (UTF-8) that a user named.
 *
 * @param what the file as the error names it: `the study file`
 * @param expected what it should be
 * @throws NacreError `file-missing`
 */
export function readText(path: string, what: string, expected: string, todo: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new NacreError('file-missing', `cannot read ${what}`, {
      file: path,
      found: (cause as NodeJS.ErrnoException).code,
      expected,
      todo,
      cause,
    });
  }
}
