import { z } from 'zod';
import { NacreError, nearestName } from './errors.ts';

/**
 * Checks a value against a zod schema and gives the typed value; what does not fit becomes an error made for people.
 * A key that the schema does not know comes first, since a typo is the likeliest cause of the other faults.
 *
 * @param what the thing checked, as the error names it: `the study file`
 * @param file where it came from, for the error
 * @throws NacreError `unknown-key` with the nearest known key, `bad-config`
 */
export function parseWithSchema<S extends z.ZodType>(
  schema: S,
  value: unknown,
  what: string,
  file?: string,
): z.output<S> {
  const parsed = schema.safeParse(value, { reportInput: true });
  if (parsed.success) return parsed.data;
  const issue =
    parsed.error.issues.find(({ code }) => code === 'unrecognized_keys') ?? parsed.error.issues[0];
  if (issue.code === 'unrecognized_keys') {
    const key = issue.keys[0];
    const known = knownKeys(schema, issue.path, value);
    const near = nearestName(key, known);
    throw new NacreError('unknown-key', `${what} has a key that nacre does not know`, {
      file,
      column: [...issue.path, key].join('.'),
      found: key,
      expected: known.length > 0 ? `one of ${known.join(', ')}` : 'a known key',
      todo: near === undefined ? 'remove it' : `did you mean ${near}?`,
    });
  }
  throw new NacreError('bad-config', `${what} has a wrong value`, {
    file,
    column: issue.path.join('.') || '(top level)',
    found: issue.input === undefined ? 'nothing' : JSON.stringify(issue.input).slice(0, 200),
    expected: issue.message,
  });
}

/** Keys that a schema knows at a path; of a discriminated union those of the option that the value names. */
function knownKeys(schema: unknown, path: readonly PropertyKey[], value: unknown): string[] {
  let there = value;
  let at = unwrap(schema, there);
  for (const step of path) {
    there = (there as Record<PropertyKey, unknown> | undefined)?.[step];
    if (at instanceof z.ZodArray) at = unwrap(at.element, there);
    else if (at instanceof z.ZodRecord) at = unwrap(at.valueType, there);
    else if (at instanceof z.ZodObject) at = unwrap(at.shape[String(step)], there);
    else return [];
  }
  return at instanceof z.ZodObject ? Object.keys(at.shape) : [];
}

function unwrap(schema: unknown, value: unknown): unknown {
  let inner = schema;
  while (
    inner instanceof z.ZodDefault ||
    inner instanceof z.ZodPrefault ||
    inner instanceof z.ZodOptional
  ) {
    inner = inner.unwrap();
  }
  if (!(inner instanceof z.ZodDiscriminatedUnion)) return inner;
  const { discriminator, options } = inner.def;
  const named = (value as Record<string, unknown> | undefined)?.[discriminator];
  return options.find((option) => {
    const literal = option instanceof z.ZodObject ? option.shape[discriminator] : undefined;
    return literal instanceof z.ZodLiteral && literal.values.has(named as string);
  });
}
