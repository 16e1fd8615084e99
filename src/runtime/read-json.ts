import { NacreError } from './errors.ts';

export interface ReadJsonOptions {
  /** The text as the error names it: `the manifest`. */
  what: string;
  file?: string | undefined;
  /** What to do about it, as an instruction. */
  todo?: string | undefined;
  /** Largest depth of nested brackets. Default 100; a manifest has 8, a model 5. */
  deepest?: number | undefined;
}

/**
 * JSON text as a value. The depth of nested brackets is limited, since later checks and printing are recursive and
 * would run out of stack. Every JSON that a user hands in is read here.
 *
 * @throws NacreError `bad-json`
 */
export function parseJson(
  text: string,
  { what, file, todo = 'correct it', deepest = 100 }: ReadJsonOptions,
): unknown {
  if (deeperThan(text, deepest)) {
    throw new NacreError('bad-json', `${what} is nested too deeply`, {
      file,
      found: `more than ${deepest} brackets within each other`,
      expected: `at most ${deepest}`,
      todo: 'check that it is the right file',
    });
  }
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new NacreError('bad-json', `${what} is not valid JSON`, {
      file,
      found: (cause as Error).message,
      todo,
      cause,
    });
  }
}

const quote = 0x22;
const backslash = 0x5c;

/** Counts nested brackets outside of strings; stops at the first that is too deep. */
function deeperThan(text: string, deepest: number): boolean {
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    switch (text.charCodeAt(i)) {
      case quote:
        for (i++; i < text.length && text.charCodeAt(i) !== quote; i++) {
          if (text.charCodeAt(i) === backslash) i++;
        }
        break;
      case 0x5b: // [
      case 0x7b: // {
        if (++depth > deepest) return true;
        break;
      case 0x5d: // ]
      case 0x7d: // }
        depth--;
    }
  }
  return false;
}
