import { NacreError } from '../runtime/errors.ts';

/** An id with the place it was read from. */
export interface PlacedId {
  id: string;
  file?: string | undefined;
  /** 1-based row of a table, header excluded. */
  row?: number | undefined;
}

/**
 * The form that all spellings of one id share: the id without leading zeros, case, blanks (non-breaking and zero-width ones
 * too), Unicode form and a trailing `.0`. `0005`, `5`, `5.0` and ` 5` are one, and so are `P-1` with a hyphen and with the dash
 * that a text program makes of it, and the digits of any script; `P1` and `P10` are two.
 */
export function spellingKey(id: string): string {
  return id
    .normalize('NFKC')
    .replace(/[\s\p{Cf}\p{Cc}\u115f\u1160\u3164\u2800]/gu, '')
    .replace(/[\p{Pd}\u2212\u2043\u02d7]/gu, '-')
    .replace(/[\u2018\u2019\u02bc\u00b4`]/g, "'")
    .replace(/\p{Nd}/gu, digitValue)
    .replace(/(\d)[.,]0+$/, '$1')
    .replace(/0+(?=\d)/g, (zeros, at: number, text: string) =>
      /\d/.test(text[at - 1] ?? '') ? zeros : '',
    )
    .toUpperCase()
    .toLowerCase()
    .normalize('NFKC');
}

/** `٥` as 5: the ten digits of a script lie side by side, from a zero whose predecessor is no digit or ends another ten. */
function digitValue(digit: string): string {
  const code = digit.codePointAt(0) ?? 0;
  if (code < 0x80) return digit;
  let first = code;
  while (/^\p{Nd}$/u.test(String.fromCodePoint(first - 1))) first--;
  return String((code - first) % 10);
}

/**
 * Refuses two spellings of one id: they would make two patients out of one, who could then stand on both sides of a split.
 * The same spelling may come as often as it likes (in several tables, say).
 *
 * @throws NacreError `ambiguous-id` with both spellings and their places
 */
export function requireOneSpelling(ids: Iterable<PlacedId>): void {
  const firstBy = new Map<string, PlacedId>();
  for (const placed of ids) {
    const key = spellingKey(placed.id);
    const first = firstBy.get(key);
    if (first === undefined) firstBy.set(key, placed);
    else if (first.id !== placed.id) throw ambiguousId(first, placed);
  }
}

export function ambiguousId(first: PlacedId, second: PlacedId): NacreError {
  const place = ({ id, file, row }: PlacedId) => {
    const place = [
      ...(file === undefined ? [] : [file]),
      ...(row === undefined ? [] : [`row ${row}`]),
    ];
    return `${shownId(id)}${place.length === 0 ? '' : ` (${place.join(', ')})`}`;
  };
  return new NacreError('ambiguous-id', 'two ids seem to be one patient', {
    file: second.file,
    row: second.row,
    found: `${place(first)} and ${place(second)}`,
    expected:
      'one spelling for each patient: ids that differ by leading zeros, case, blanks, Unicode form or .0 are taken for one',
    todo: 'correct one of them, or make them alike by patient.match and patient.as in the manifest',
  });
}

/** In quotes, with characters that cannot be seen, or that look like others, as \u escapes. */
function shownId(id: string): string {
  const text = JSON.stringify(id);
  return text.replace(/[^\x20-\x7e]/g, (character) => {
    const seen = /[\p{L}\p{N}\p{P}]/u.test(character) && character.normalize('NFC') === character;
    return seen ? character : `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}
