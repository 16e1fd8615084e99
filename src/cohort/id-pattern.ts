import { runInNewContext } from 'node:vm';
import { NacreError } from '../runtime/errors.ts';
import type { PatientRule } from './manifest.ts';

/** Longer cells are no ids. */
const longestCell = 200;

/**
 * The id in each text by the manifest's pattern: the whole text must match, its first group is the id; undefined where it
 * does not. A pattern from somebody else may backtrack without end (`(a+)+$`), so that all matching together has a bound.
 *
 * @param limit milliseconds for all texts. Default 2,000: ten thousand ids take some
 * @throws NacreError `slow-pattern`
 */
export function matchedIds(
  texts: readonly string[],
  rule: PatientRule,
  file: string,
  limit = 2000,
): (string | undefined)[] {
  const short = texts.map((text) => (text.length <= longestCell ? text : null));
  try {
    // Node can interrupt code only in a separate context; only strings pass in and out.
    const groups: string = runInNewContext(
      `const pattern = new RegExp(source, 'u');
       JSON.stringify(JSON.parse(texts).map((text) => (text === null ? null : pattern.exec(text)?.[1] ?? null)))`,
      { source: `^(?:${rule.match})$`, texts: JSON.stringify(short) },
      { timeout: limit },
    );
    return (JSON.parse(groups) as (string | null)[]).map((id) => id ?? undefined);
  } catch (cause) {
    throw new NacreError('slow-pattern', 'patient.match takes too long on the ids of the table', {
      file,
      column: rule.column,
      found: `${rule.match}, not done after ${limit / 1000} s`,
      expected: 'a pattern without a repetition inside a repetition',
      todo: 'simplify patient.match in the manifest',
      cause,
    });
  }
}
