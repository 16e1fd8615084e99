import type { ErrorCode } from './error-codes.ts';

export type { ErrorCode } from './error-codes.ts';

/** Facts of an error as fields: place, value found, value expected, advice. */
export interface ErrorFacts {
  /** File in which the fault was found. */
  file?: string | undefined;
  /** Patient (or case) id. */
  patient?: string | undefined;
  /** 1-based row of a table, header excluded. */
  row?: number | undefined;
  /** Column of a table, or key of a settings file. */
  column?: string | undefined;
  found?: string | undefined;
  expected?: string | undefined;
  /** What to do about it, as an instruction. */
  todo?: string | undefined;
  cause?: unknown;
}

/**
 * The one error class of nacre. `code` is stable and made for programs (`docs/errors.md` lists all); the message is made for people:
 * `patient P021, file T2.nii.gz: mask has another size: found 256×256×60, expected 256×256×64; resample the mask (--resample-mask)`.
 */
export class NacreError extends Error {
  readonly code: ErrorCode;
  /** What went wrong, without place, found and expected. */
  readonly what: string;
  readonly facts: ErrorFacts;

  constructor(code: ErrorCode, what: string, facts: ErrorFacts = {}) {
    super(
      printable(compose(what, facts)),
      facts.cause === undefined ? undefined : { cause: facts.cause },
    );
    this.name = 'NacreError';
    this.code = code;
    this.what = what;
    this.facts = facts;
  }

  /** The same error with more facts about its place (for callers that know the patient or the file). */
  located(where: Pick<ErrorFacts, 'file' | 'patient' | 'row' | 'column'>): NacreError {
    return new NacreError(this.code, this.what, { ...where, ...dropUndefined(this.facts) });
  }
}

/**
 * True for a `NacreError`, and where codes are given, for one of these codes; narrows the type of `code`.
 *
 * @example
 * ```ts
 * try {
 *   regionOfInterest(volume, mask);
 * } catch (error) {
 *   if (!isNacreError(error, 'geometry-mismatch', 'empty-mask')) throw error;
 *   console.log(error.code, error.facts.todo);
 * }
 * ```
 */
export function isNacreError<Code extends ErrorCode = ErrorCode>(
  error: unknown,
  ...codes: readonly Code[]
): error is NacreError & { readonly code: Code } {
  if (!(error instanceof NacreError)) return false;
  return codes.length === 0 || (codes as readonly ErrorCode[]).includes(error.code);
}

/** A `NacreError` as plain data, which crosses threads; structured cloning of the error itself loses class and code. */
export interface ErrorRecord {
  code: ErrorCode;
  what: string;
  facts: ErrorFacts;
  stack: string | undefined;
}

/** @param error its cause is kept as text, since a cause may be anything */
export function errorRecord({ code, what, facts, stack }: NacreError): ErrorRecord {
  const { cause, ...plain } = facts;
  const text = cause instanceof Error ? (cause.stack ?? cause.message) : cause && String(cause);
  return { code, what, facts: text ? { ...plain, cause: text } : plain, stack };
}

/** The error that `errorRecord` was made of. */
export function errorFromRecord({ code, what, facts, stack }: ErrorRecord): NacreError {
  const error = new NacreError(code, what, facts);
  if (stack !== undefined) error.stack = stack;
  return error;
}

function dropUndefined(facts: ErrorFacts): ErrorFacts {
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined));
}

function composePlace(facts: ErrorFacts): string {
  const place: string[] = [];
  if (facts.patient !== undefined) place.push(`patient ${facts.patient}`);
  if (facts.file !== undefined) place.push(`file ${facts.file}`);
  if (facts.row !== undefined) place.push(`row ${facts.row}`);
  if (facts.column !== undefined) place.push(`column ${facts.column}`);
  return place.length > 0 ? `${place.join(', ')}: ` : '';
}

function composeTail(facts: ErrorFacts): string {
  const seen: string[] = [];
  if (facts.found !== undefined) seen.push(`found ${facts.found}`);
  if (facts.expected !== undefined) seen.push(`expected ${facts.expected}`);
  const tail = seen.length > 0 ? `: ${seen.join(', ')}` : '';
  return facts.todo !== undefined ? `${tail}; ${facts.todo}` : tail;
}

function compose(what: string, facts: ErrorFacts): string {
  return composePlace(facts) + what + composeTail(facts);
}

/** Messages quote files, and control characters would act on the terminal: they are shown as \\x1b. Line ends and tabs stay. */
function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the pattern looks for control characters
  return text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/g, (character) => {
    return `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
  });
}

/** The known name nearest to a mistyped one (Levenshtein), or undefined where none is near. */
export function nearestName(typed: string, known: Iterable<string>): string | undefined {
  let best: string | undefined;
  let bestDistance = Math.max(2, Math.floor(typed.length / 3)) + 1;
  for (const name of known) {
    const distance = editDistance(typed.toLowerCase(), name.toLowerCase());
    if (distance < bestDistance) {
      bestDistance = distance;
      best = name;
    }
  }
  return best;
}

/** A name that is not among the known ones: `unknown-name`, with the nearest of them. */
export function unknownName(
  what: string,
  typed: string,
  known: Iterable<string>,
  where: Pick<ErrorFacts, 'file' | 'column'> = {},
): NacreError {
  const names = [...known];
  const near = nearestName(typed, names);
  return new NacreError('unknown-name', what, {
    ...where,
    found: typed,
    expected: names.length > 0 ? `one of ${names.join(', ')}` : 'none: there are no names here',
    todo: near === undefined ? 'correct the name' : `did you mean ${near}?`,
  });
}

function editDistance(a: string, b: string): number {
  const row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    let diagonal = row[0];
    row[0] = i;
    for (let j = 1; j <= b.length; j++) {
      const above = row[j];
      row[j] = Math.min(above + 1, row[j - 1] + 1, diagonal + (a[i - 1] === b[j - 1] ? 0 : 1));
      diagonal = above;
    }
  }
  return row[b.length];
}
