import { z } from 'zod';

/** A value that does not fit a schema, described for people. */
export interface SchemaFault {
  /** Keys from the top to the value at fault. */
  path: PropertyKey[];
  /** Key that the schema does not know; undefined where a value is at fault. */
  unknownKey?: string | undefined;
  found: string;
  expected: string;
}

type Issue = z.core.$ZodIssue;

/**
 * The typed value, or the first thing in it that does not fit. A key that the schema does not know comes first, since a typo
 * is the likeliest cause of the other faults. No message of the validator is passed on.
 */
export function checkedValue<S extends z.ZodType>(
  schema: S,
  value: unknown,
): { data: z.output<S>; fault?: undefined } | { data?: undefined; fault: SchemaFault } {
  // A schema's own messages ("letters and digits only") are phrased as expectations; all others are made here.
  const parsed = schema.safeParse(value, { reportInput: true, error: expectation });
  if (parsed.success) return { data: parsed.data };
  const issues = parsed.error.issues.map(innermost);
  const issue = issues.find(({ code }) => code === 'unrecognized_keys') ?? issues[0];
  return {
    fault: {
      path: [...issue.path],
      unknownKey: issue.code === 'unrecognized_keys' ? issue.keys[0] : undefined,
      found: shownValue(issue.input),
      expected: issue.message,
    },
  };
}

const checkedBy = new WeakMap<object, z.ZodType>();

/** The schema behind `asWritten`; undefined for any other. */
export function writtenSchema(schema: object): z.ZodType | undefined {
  return checkedBy.get(schema);
}

/**
 * Checks a value by a schema and passes it on as it was written: without defaults filled in and with its keys in their order,
 * which is that of columns. In JSON Schema it stands as the schema itself.
 */
export function asWritten<S extends z.ZodType>(schema: S): z.ZodType<z.input<S>, z.input<S>> {
  const { $schema: _, ...json } = z.toJSONSchema(schema, { io: 'input' });
  const written = z
    .unknown()
    .superRefine((value, context) => {
      const parsed = schema.safeParse(value, { reportInput: true, error: expectation });
      for (const issue of parsed.error?.issues ?? []) {
        context.addIssue(issue as Parameters<typeof context.addIssue>[0]);
      }
    })
    .meta(json);
  checkedBy.set(written, schema);
  return written as z.ZodType as z.ZodType<z.input<S>, z.input<S>>;
}

/**
 * For a union in which options have the right outer shape: the fault inside the one that was most likely meant, which is
 * that with the fewest unknown keys, then with the fewest faults.
 */
function innermost(issue: Issue): Issue {
  if (issue.code !== 'invalid_union' || issue.errors.length === 0) return issue;
  const deeper = issue.errors
    .map((option) => option.map(innermost))
    .filter((option) => option.length > 0);
  const [inside] = deeper
    .filter((option) =>
      option.every(({ path, code }) => path.length > 0 || code === 'unrecognized_keys'),
    )
    .sort((a, b) => unknownKeys(a) - unknownKeys(b) || a.length - b.length);
  if (inside === undefined) return issue;
  const first = inside.find(({ code }) => code === 'unrecognized_keys') ?? inside[0];
  return { ...first, path: [...issue.path, ...first.path] } as Issue;
}

function unknownKeys(issues: readonly Issue[]): number {
  return issues.reduce(
    (sum, issue) => sum + (issue.code === 'unrecognized_keys' ? issue.keys.length : 0),
    0,
  );
}

/** A value as an error shows it: short, on one line. */
export function shownValue(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'number') return String(value);
  if (typeof value === 'bigint') return String(value);
  if (typeof value === 'object' && value !== null) {
    const text = JSON.stringify(value, (_, part) =>
      typeof part === 'bigint' || (typeof part === 'number' && !Number.isFinite(part))
        ? String(part)
        : part,
    );
    return clipped(`${Array.isArray(value) ? 'the list' : 'the group'} ${text}`);
  }
  return clipped(JSON.stringify(value) ?? `a ${typeof value}`);
}

function clipped(text: string): string {
  return text.length > 200 ? `${text.slice(0, 197)}...` : text;
}

const types: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  bigint: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  tuple: 'a list',
  set: 'a list',
  object: 'a group of keys and values',
  record: 'a group of keys and values',
  map: 'a group of keys and values',
  null: 'null',
  undefined: 'nothing',
  never: 'nothing',
  date: 'a date',
  nonoptional: 'a value',
};

/** The expected value, described for people. */
function expectation(issue: z.core.$ZodRawIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return expectedType(issue as { expected: string; input: unknown });
    case 'too_small':
    case 'too_big':
      return expectedBound(issue as z.core.$ZodRawIssue & Bound);
    case 'invalid_format':
      return expectedFormat(issue as { format?: string; pattern?: string });
    case 'invalid_value':
      return oneOf((issue as { values: readonly unknown[] }).values.map(shownValue));
    case 'not_multiple_of':
      return `a multiple of ${String((issue as { divisor: unknown }).divisor)}`;
    case 'unrecognized_keys':
      return 'a known key';
    case 'invalid_union':
      return expectedOption(
        issue as { discriminator?: string; options?: unknown[]; errors?: { message: string }[][] },
      );
    case 'invalid_key':
      return `a key that is ${(issue as { issues?: { message: string }[] }).issues?.[0]?.message ?? 'allowed'}`;
    case 'invalid_element':
      return (issue as { issues?: { message: string }[] }).issues?.[0]?.message ?? 'another value';
    default:
      return 'another value';
  }
}

function expectedType({ expected, input }: { expected: string; input: unknown }): string {
  const type = types[expected] ?? 'another kind of value';
  const numeric = expected === 'number' || expected === 'int';
  if (
    numeric &&
    typeof input === 'string' &&
    input.trim() !== '' &&
    Number.isFinite(Number(input))
  ) {
    return `${type}, without quotes`;
  }
  if (expected === 'string' && (typeof input === 'number' || typeof input === 'boolean')) {
    return `${type}, in quotes: "${input}"`;
  }
  return type;
}

interface Bound {
  origin: string;
  minimum?: number | bigint;
  maximum?: number | bigint;
  inclusive?: boolean;
  exact?: boolean;
}

function expectedBound({ origin, minimum, maximum, inclusive, exact }: Bound): string {
  const bound = Number(minimum ?? maximum);
  const [what, one, many] =
    origin === 'string'
      ? ['a text of', 'character', 'characters']
      : origin === 'number' || origin === 'int' || origin === 'bigint'
        ? ['', '', '']
        : ['a list of', 'entry', 'entries'];
  if (what === '') {
    if (minimum !== undefined)
      return `a number ${inclusive === false ? 'above' : 'of at least'} ${bound}`;
    return `a number ${inclusive === false ? 'below' : 'of at most'} ${bound}`;
  }
  const least = minimum !== undefined ? (inclusive === false ? bound + 1 : bound) : undefined;
  const most = maximum !== undefined ? (inclusive === false ? bound - 1 : bound) : undefined;
  const count = least ?? most ?? 0;
  const quantity = exact ? '' : least !== undefined ? 'at least ' : 'at most ';
  return `${what} ${quantity}${count} ${count === 1 ? one : many}`;
}

function expectedFormat({ format, pattern }: { format?: string; pattern?: string }): string {
  switch (format) {
    case 'url':
      return 'an address that begins with https://';
    case 'regex':
      return `a text that matches ${pattern ?? 'the pattern'}`;
    case 'date':
      return 'a date, such as 2026-01-31';
    case 'datetime':
      return 'a date and time, such as 2026-01-31T12:00:00Z';
    default:
      return `a text of the form ${format ?? 'asked for'}`;
  }
}

function expectedOption({
  discriminator,
  options,
  errors = [],
}: {
  discriminator?: string | undefined;
  options?: readonly unknown[] | undefined;
  errors?: readonly (readonly { message: string }[])[] | undefined;
}): string {
  if (discriminator !== undefined) {
    return options === undefined || options.length === 0
      ? `a known value of ${discriminator}`
      : `a group whose ${discriminator} is ${oneOf(options.map(shownValue))}`;
  }
  const each = errors.flatMap((option) => (option.length > 0 ? [option[0].message] : []));
  return each.length === 0 ? 'another value' : [...new Set(each)].join(', or ');
}

function oneOf(shown: readonly string[]): string {
  return shown.length === 1 ? shown[0] : `one of ${shown.join(', ')}`;
}
