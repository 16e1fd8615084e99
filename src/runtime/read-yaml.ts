import { parseDocument, type Tags } from 'yaml';
import { NacreError } from './errors.ts';
import { requireYamlBounds } from './yaml-bounds.ts';
import { pythonTags } from './yaml-python-tags.ts';

export interface ReadYamlOptions {
  /** The text as the error names it: `the study file`. */
  what: string;
  file?: string | undefined;
  /** What to do about it, as an instruction. */
  todo?: string | undefined;
  /** Characters that the text may have. Default 262,144: enough for settings. */
  longest?: number | undefined;
  /** Whole numbers as bigint, so that 3 and 3.0 can be distinguished. Default false. */
  intAsBigInt?: boolean | undefined;
  /**
   * Read what Python's ruamel.yaml reads: aliases (of a hundred nodes at most) and merge keys, underscores in numbers, binary
   * numbers, `!!float` of a whole number. Default false.
   */
  asPython?: boolean | undefined;
}

/**
 * YAML text as a value. Length and nesting have a bound, aliases are not followed unless asked for, and then counted (an alias bomb
 * grows a small file without end), and tags run no code. Every YAML that a user hands in is read here.
 *
 * @throws NacreError `bad-yaml`
 */
export function parseYaml(
  text: string,
  {
    what,
    file,
    todo = 'correct the line named',
    longest,
    intAsBigInt = false,
    asPython = false,
  }: ReadYamlOptions,
): unknown {
  requireYamlBounds(text, what, file, longest);
  const invalid = (cause: unknown) =>
    new NacreError('bad-yaml', `${what} is not valid YAML`, {
      file,
      found: (cause as Error).message.split('\n')[0],
      todo,
      cause,
    });
  let document: ReturnType<typeof parseDocument>;
  try {
    document = parseDocument(text, {
      prettyErrors: true,
      logLevel: 'error',
      intAsBigInt,
      ...(asPython ? { merge: true, customTags: (tags: Tags) => [...pythonTags, ...tags] } : {}),
    });
  } catch (cause) {
    throw invalid(cause);
  }
  if (document.errors.length > 0) throw invalid(document.errors[0]);
  // Python refuses a tag that it does not know; the parser here only warns.
  const unknown = document.warnings.find(({ message }) => !/python\/(list|dict)\b/.test(message));
  if (asPython && unknown !== undefined) throw invalid(unknown);
  try {
    return document.toJS({ maxAliasCount: asPython ? 100 : 0 });
  } catch (cause) {
    throw new NacreError('bad-yaml', `${what} uses a YAML alias`, {
      file,
      found: (cause as Error).message,
      todo: 'write the value out',
      cause,
    });
  }
}
