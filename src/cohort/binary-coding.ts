import type { NoteAssumption } from '../runtime/assumptions.ts';
import { NacreError } from '../runtime/errors.ts';
import type { RawTable } from '../table/raw-table.ts';
import { columnIndex } from '../table/raw-table.ts';
import type { ManifestColumn } from './manifest.ts';

type BinaryColumn = Extract<ManifestColumn, { type: 'binary' }>;

/** A described column that is ready to be read: of a binary one, codes and the code that becomes 1 are known. */
export type ReadableColumn =
  | Exclude<ManifestColumn, BinaryColumn>
  | (BinaryColumn & {
      coding: Record<string, string>;
      one: string;
      /** Texts of the file that are spelled otherwise than a code (`POS` of `pos`), with the code they mean. */
      spellings?: ReadonlyMap<string, string> | undefined;
    });

/** Pairs of texts with an unambiguous coding, first 0, then 1; without case, blanks and hyphens. */
const plainPairs: readonly (readonly [string, string])[] = [
  ['0', '1'],
  ['neg', 'pos'],
  ['negative', 'positive'],
  ['-', '+'],
  ['no', 'yes'],
  ['n', 'y'],
  ['false', 'true'],
  ['f', 't'],
  ['absent', 'present'],
  ['wt', 'mut'],
  ['wildtype', 'mutated'],
  ['wildtype', 'mutant'],
  ['wildtype', 'mutation'],
  ['unmutated', 'mutated'],
  ['notmutated', 'mutated'],
  ['nonamplified', 'amplified'],
  ['notamplified', 'amplified'],
  ['unmethylated', 'methylated'],
  ['nonresponder', 'responder'],
  ['nonresponse', 'response'],
  ['noresponse', 'response'],
  ['nonpcr', 'pcr'],
  ['nopcr', 'pcr'],
  ['off', 'on'],
];

/** `Wild-Type` as wildtype; the signs - and + stay, also as a minus sign or dash. */
function plainText(text: string): string {
  const bare = text.normalize('NFKC').trim().toLowerCase();
  if (/^[-+\u2212\u2010-\u2014]$/.test(bare)) return bare === '+' ? '+' : '-';
  return bare.replace(/[\s_-]/g, '');
}

/** The pair that all texts belong to; undefined where there is none, or where the texts fit two pairs. */
function pairOf(texts: readonly string[]): readonly [string, string] | undefined {
  const plain = texts.map(plainText);
  return plainPairs.find((pair) => plain.every((text) => pair.includes(text)));
}

/** The code that becomes 1: the one named, `1`, or the one that is plain by itself or by its meaning (`pos`, `positive`). */
export function codeOfOne(
  column: Pick<BinaryColumn, 'one'>,
  coding: Readonly<Record<string, string>>,
): string | undefined {
  const codes = Object.keys(coding);
  if (column.one !== undefined) return column.one;
  if (codes.includes('1')) return '1';
  const byCode = pairOf(codes);
  if (byCode !== undefined) return codes.find((code) => plainText(code) === byCode[1]);
  const byMeaning = pairOf(codes.map((code) => coding[code]));
  return byMeaning && codes.find((code) => plainText(coding[code]) === byMeaning[1]);
}

/**
 * A column with what the manifest leaves open of a binary one: `one` from its codes or meanings, `coding` and `one` from the cells
 * where these are plain (`neg` and `pos`, `no` and `yes`, `0` and `1`, `wt` and `mut`). What was inferred is noted.
 *
 * @throws NacreError `unknown-coding` with the lines to add to the manifest
 */
export function readableColumn(
  table: RawTable,
  title: string,
  column: ManifestColumn,
  { file, note }: { file: string; note: NoteAssumption },
): ReadableColumn {
  if (column.type !== 'binary') return column;
  const inferred = (found: string, coding: Readonly<Record<string, string>>, one: string) =>
    note({
      kind: 'coding-inferred',
      file,
      found: `${column.name}: ${found}`,
      taken: `${Object.keys(coding)
        .map((code) => `${code} as ${code === one ? 1 : 0}`)
        .join(', ')}`,
      why: `the words suggest this coding; ${exampleOf(coding, one)} in the manifest fixes it`,
    });
  if (column.coding !== undefined) {
    // Checked with the manifest.
    const one = codeOfOne(column, column.coding) as string;
    if (column.one === undefined && one !== '1') {
      inferred(`codes ${Object.keys(column.coding).join(', ')} without "one"`, column.coding, one);
    }
    return { ...column, coding: column.coding, one };
  }
  const texts = distinctTexts(table, title, column.missing);
  const pair = pairOf(texts);
  if (texts.length === 0 || pair === undefined || column.one !== undefined) {
    throw unknownCoding(table.file, title, texts);
  }
  // The first spelling in the file is the code; the others mean it.
  const codes = pair.map((word) => texts.find((text) => plainText(text) === word) ?? word);
  const spellings = new Map(texts.map((text) => [text, codes[pair.indexOf(plainText(text))]]));
  const coding = { [codes[0]]: pair[0], [codes[1]]: pair[1] };
  inferred(`cells ${texts.join(', ')}, and no "coding"`, coding, codes[1]);
  return { ...column, coding, one: codes[1], spellings };
}

/** Cells of a column that are neither empty nor declared missing, each once, in the order of the file; 1.0 is 1. */
function distinctTexts(table: RawTable, title: string, missing: readonly string[]): string[] {
  const at = columnIndex(table, title);
  const found = new Set<string>();
  for (const row of table.rows) {
    const cell = row[at];
    if (cell === null || missing.includes(String(cell))) continue;
    found.add(/^\d+\.0+$/.test(String(cell)) ? String(Number(cell)) : String(cell));
  }
  return [...found];
}

function exampleOf(coding: Readonly<Record<string, string>>, one: string): string {
  const entries = Object.entries(coding).map(
    ([code, meaning]) => `${JSON.stringify(code)}: ${JSON.stringify(meaning)}`,
  );
  return `"coding": { ${entries.join(', ')} }, "one": ${JSON.stringify(one)}`;
}

function unknownCoding(file: string, column: string, texts: readonly string[]): NacreError {
  const [first = 'A', second = 'B'] = texts;
  const example = exampleOf({ [first]: first, [second]: second }, second);
  const rest = texts.slice(2, 10);
  return new NacreError('unknown-coding', 'it is unclear which text of a binary column becomes 1', {
    file,
    column,
    found:
      texts.length === 0
        ? 'no value'
        : texts
            .slice(0, 10)
            .map((text) => JSON.stringify(text))
            .join(', '),
    expected: 'two texts such as neg and pos, no and yes, 0 and 1, or a coding in the manifest',
    todo: `add to the column in the manifest: ${example}${rest.length > 0 ? `, "missing": ${JSON.stringify(rest)}` : ''}`,
  });
}
