import { z } from 'zod';
import { NacreError, nearestName } from './errors.ts';
import { checkedValue, writtenSchema } from './schema-fault.ts';

/**
 * Checks a value against a zod schema and returns the typed value; a value that does not fit becomes a readable error.
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
  const { data, fault } = checkedValue(schema, value);
  if (fault === undefined) return data;
  const { path, unknownKey, found, expected } = fault;
  if (unknownKey !== undefined) {
    const known = knownKeys(schema, path, value);
    const near = nearestName(unknownKey, known);
    throw new NacreError('unknown-key', `${what} has a key that nacre does not know`, {
      file,
      column: [...path, unknownKey].join('.'),
      found: unknownKey,
      expected: known.length > 0 ? `one of ${known.join(', ')}` : 'a known key',
      todo: near === undefined ? 'remove it' : `did you mean ${near}?`,
    });
  }
  throw new NacreError('bad-config', `${what} has a wrong value`, {
    file,
    column: path.join('.') || '(top level)',
    found,
    expected,
  });
}

/** Keys that a schema knows at a path; of a discriminated union those of the option that the value names. */
function knownKeys(schema: unknown, path: readonly PropertyKey[], value: unknown): string[] {
  let item = value;
  let at = unwrap(schema, item);
  for (const step of path) {
    item = (item as Record<PropertyKey, unknown> | undefined)?.[step];
    if (at instanceof z.ZodArray) at = unwrap(at.element, item);
    else if (at instanceof z.ZodRecord) at = unwrap(at.valueType, item);
    else if (at instanceof z.ZodObject) at = unwrap(at.shape[String(step)], item);
    else return [];
  }
  return at instanceof z.ZodObject ? Object.keys(at.shape) : [];
}

function behind(schema: unknown): unknown {
  return typeof schema === 'object' && schema !== null ? (writtenSchema(schema) ?? schema) : schema;
}

function unwrap(schema: unknown, value: unknown): unknown {
  let inner = behind(schema);
  while (
    inner instanceof z.ZodDefault ||
    inner instanceof z.ZodPrefault ||
    inner instanceof z.ZodOptional ||
    inner instanceof z.ZodNullable ||
    inner instanceof z.ZodReadonly
  ) {
    inner = behind(inner.unwrap());
  }
  if (inner instanceof z.ZodUnion && !(inner instanceof z.ZodDiscriminatedUnion)) {
    const group = typeof value === 'object' && value !== null;
    return group ? inner.options.find((option) => option instanceof z.ZodObject) : undefined;
  }
  if (!(inner instanceof z.ZodDiscriminatedUnion)) return inner;
  const { discriminator, options } = inner.def;
  const named = (value as Record<string, unknown> | undefined)?.[discriminator];
  return options.find((option) => {
    const literal = option instanceof z.ZodObject ? option.shape[discriminator] : undefined;
    return literal instanceof z.ZodLiteral && literal.values.has(named as string);
  });
}
