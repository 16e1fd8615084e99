import { readFileSync } from 'node:fs';
import { decodeText } from './decode-text.ts';
import { sha256 } from './hash.ts';
import { unreadable } from './unreadable.ts';

/**
 * Reads a text file (UTF-8) that a user named.
 *
 * @param what the file as the error names it: `the study file`
 * @param expected what it should be
 * @throws NacreError `file-missing`, `not-utf8`
 */
export function readText(path: string, what: string, expected: string, todo: string): string {
  return readHashedText(path, what, expected, todo).text;
}

/** The same with the SHA-256 of exactly the bytes that were read. */
export function readHashedText(
  path: string,
  what: string,
  expected: string,
  todo: string,
): { text: string; sha256: string } {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(path);
  } catch (cause) {
    throw unreadable(what, path, cause, { expected, todo });
  }
  return { text: decodeText(bytes, { file: path, what }), sha256: sha256(bytes) };
}
