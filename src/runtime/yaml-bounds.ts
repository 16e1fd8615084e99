import { NacreError } from './errors.ts';

/** Characters; the longest study has some ten thousand. */
const longestSettings = 2 ** 18;
/** Depth of nested brackets, or dashes on one line; settings need five. */
const deepest = 100;

/**
 * Refuses YAML for which the parser needs minutes: at every new bracket it goes back over all open ones, so that 100 kB
 * of `[` are enough.
 *
 * @param what the text as the error names it: `the study file`
 * @param longest characters. Default 262,144
 * @throws NacreError `bad-yaml`
 */
export function requireYamlBounds(
  text: string,
  what: string,
  file: string | undefined,
  longest = longestSettings,
): void {
  const found = text.length > longest ? `${text.length} characters` : nesting(text);
  if (found === undefined) return;
  throw new NacreError('bad-yaml', `${what} is too large or too deeply nested`, {
    file,
    found,
    expected: `at most ${longest} characters, nested ${deepest} deep`,
    todo: 'check that it is the right file',
  });
}

/** Counted without regard to quotes: texts with a hundred brackets that stay open are not settings either. */
function nesting(text: string): string | undefined {
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (c === '[' || c === '{') depth++;
    else if ((c === ']' || c === '}') && depth > 0) depth--;
    if (depth > deepest) return `brackets ${depth} deep`;
  }
  const dashes = new RegExp(`(?:[-?:][ \\t]+){${deepest}}`).test(text);
  return dashes ? `${deepest} dashes on one line` : undefined;
}
