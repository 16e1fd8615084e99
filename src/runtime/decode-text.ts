import { NacreError } from './errors.ts';

export interface DecodeTextOptions {
  /** File that the bytes came from, for the error. */
  file?: string | undefined;
  /** The text as the error names it: `the study file`. Default: `the file`. */
  what?: string | undefined;
}

/**
 * UTF-8 bytes as text, without a byte order mark. Any other encoding is refused, and the error names the likely one: decoding
 * Latin-1 as UTF-8 would turn `Patü` and `Patö` into the same text.
 *
 * @throws NacreError `not-utf8`
 */
export function decodeText(
  bytes: Uint8Array,
  { file, what = 'the file' }: DecodeTextOptions = {},
): string {
  const wide = wideEncoding(bytes);
  if (wide !== undefined) throw notUtf8(file, what, wide, '');
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    const at = firstInvalidByte(bytes);
    const line = 1 + countOf(bytes.subarray(0, at), 0x0a);
    throw notUtf8(
      file,
      what,
      narrowEncoding(bytes),
      `, byte 0x${bytes[at].toString(16)} in line ${line}`,
    );
  }
}

interface Guess {
  found: string;
  /** Name for `iconv`, where the guess is sure enough to advise it. */
  iconv?: string;
}

function notUtf8(file: string | undefined, what: string, guess: Guess, where: string): NacreError {
  const iconv =
    guess.iconv === undefined
      ? ''
      : ` (iconv -f ${guess.iconv} -t UTF-8 OLD > NEW, or in Excel "CSV UTF-8")`;
  return new NacreError('not-utf8', `${what} is not UTF-8`, {
    file,
    found: `${guess.found}${where}`,
    expected: 'UTF-8',
    todo: `save it as UTF-8${iconv}`,
  });
}

const marks: readonly { bytes: readonly number[]; found: string; iconv: string }[] = [
  // UTF-32 before UTF-16: its little-endian mark begins with that of UTF-16.
  { bytes: [0xff, 0xfe, 0, 0], found: 'UTF-32, little-endian', iconv: 'UTF-32' },
  { bytes: [0, 0, 0xfe, 0xff], found: 'UTF-32, big-endian', iconv: 'UTF-32' },
  { bytes: [0xff, 0xfe], found: 'UTF-16, little-endian', iconv: 'UTF-16' },
  { bytes: [0xfe, 0xff], found: 'UTF-16, big-endian', iconv: 'UTF-16' },
];

/** Number of bytes in which zeros are counted. */
const sample = 2 ** 16;

/** Recognises UTF-16 and UTF-32 by their mark, or by the positions of zero bytes, which UTF-8 text does not have. */
function wideEncoding(bytes: Uint8Array): Guess | undefined {
  const mark = marks.find((one) => one.bytes.every((byte, i) => bytes[i] === byte));
  if (mark !== undefined)
    return { found: `${mark.found}, by its byte order mark`, iconv: mark.iconv };
  if (!bytes.includes(0)) return undefined;
  const zeros = [0, 0, 0, 0];
  const length = Math.min(bytes.length, sample) & ~3;
  for (let i = 0; i < length; i++) if (bytes[i] === 0) zeros[i & 3]++;
  const quarter = length / 4;
  const mostly = (at: number) => zeros[at] > 0.7 * quarter;
  const seldom = (at: number) => zeros[at] <= 0.3 * quarter;
  const unmarked = 'without a byte order mark';
  if (length >= 8) {
    if (mostly(2) && mostly(3) && seldom(0)) {
      return { found: `UTF-32, little-endian, ${unmarked}`, iconv: 'UTF-32LE' };
    }
    if (mostly(0) && mostly(1) && seldom(3)) {
      return { found: `UTF-32, big-endian, ${unmarked}`, iconv: 'UTF-32BE' };
    }
  }
  const [even, odd] = [zeros[0] + zeros[2], zeros[1] + zeros[3]];
  if (even + odd > 0.05 * length) {
    if (odd > 4 * even) return { found: `UTF-16, little-endian, ${unmarked}`, iconv: 'UTF-16LE' };
    if (even > 4 * odd) return { found: `UTF-16, big-endian, ${unmarked}`, iconv: 'UTF-16BE' };
  }
  return { found: 'zero bytes, as in a binary or a damaged file' };
}

/** Guesses the encoding of bytes that are neither UTF-8 nor UTF-16 nor UTF-32. */
function narrowEncoding(bytes: Uint8Array): Guess {
  let high = 0;
  let control = 0;
  let beside = 0;
  for (let i = 0; i < bytes.length; i++) {
    if (bytes[i] < 0x80) continue;
    high++;
    if (bytes[i] < 0xa0) control++;
    if (bytes[i + 1] >= 0x80 || bytes[i - 1] >= 0x80) beside++;
  }
  const utf8 = validSequences(bytes);
  if (utf8 > 0 && utf8 > high - 3 * utf8) {
    return { found: 'UTF-8 with invalid bytes in it (damaged, or two encodings in one file)' };
  }
  // Western words have single letters above ASCII; Greek, Cyrillic and East Asian ones have runs of them.
  if (beside > 0.6 * high && high >= 6) {
    return { found: 'a national encoding, such as GBK, Shift-JIS, EUC-KR or Windows-1251' };
  }
  if (control > 0) return { found: 'Windows-1252', iconv: 'WINDOWS-1252' };
  return { found: 'Latin-1 (ISO 8859-1) or Windows-1252', iconv: 'WINDOWS-1252' };
}

/** Length of the valid UTF-8 sequence at a byte; 0 where there is none. Good enough to find the first fault. */
function sequenceLength(bytes: Uint8Array, at: number): number {
  const first = bytes[at];
  if (first < 0x80) return 1;
  const length = first >= 0xc2 && first < 0xe0 ? 2 : first < 0xf0 && first >= 0xe0 ? 3 : 4;
  if (first < 0xc2 || first > 0xf4) return 0;
  for (let i = 1; i < length; i++) {
    const next = bytes[at + i];
    if (next === undefined || (next & 0xc0) !== 0x80) return 0;
  }
  return length;
}

function firstInvalidByte(bytes: Uint8Array): number {
  let at = 0;
  while (at < bytes.length) {
    const length = sequenceLength(bytes, at);
    if (length === 0) return at;
    at += length;
  }
  // Surrogates and overlong forms pass above; the error needs no exact byte there.
  return bytes.findIndex((byte) => byte >= 0x80);
}

/** Valid sequences of two bytes or more. */
function validSequences(bytes: Uint8Array): number {
  let found = 0;
  for (let at = 0; at < bytes.length; ) {
    const length = sequenceLength(bytes, at);
    if (length > 1) found++;
    at += Math.max(1, length);
  }
  return found;
}

function countOf(bytes: Uint8Array, value: number): number {
  let count = 0;
  for (const byte of bytes) if (byte === value) count++;
  return count;
}
