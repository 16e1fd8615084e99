import Papa from 'papaparse';
import type { NoteAssumption } from '../runtime/assumptions.ts';
import { decodeText } from '../runtime/decode-text.ts';
import { NacreError } from '../runtime/errors.ts';
import { type Separator, separatorNames, separators } from './separators.ts';

export interface ParseCsvOptions {
  /** Default: the separator that gives every row as many cells as the header. */
  separator?: Separator | undefined;
  note?: NoteAssumption | undefined;
}

/** Number of characters from which the separator is recognised. */
const looked = 2 ** 16;

/**
 * The cells of a CSV file (UTF-8, RFC 4180), the header first. A separator that is not a comma is noted; a first line `sep=;`
 * (Excel's) names it.
 *
 * @throws NacreError `not-utf8`, `bad-table`
 */
export function csvCells(
  path: string,
  bytes: Uint8Array,
  { separator, note = () => {} }: ParseCsvOptions = {},
): string[][] {
  const decoded = decodeText(bytes, { file: path, what: 'the table' });
  const named = /^sep=([,;\t|])\r?\n/i.exec(decoded);
  const text = named === null ? decoded : decoded.slice(named[0].length);
  const delimiter = separator ?? (named?.[1] as Separator | undefined) ?? recognised(text);
  if (separator === undefined && delimiter !== ',') {
    note({
      kind: 'separator',
      file: path,
      found: `cells with a ${separatorNames[delimiter]} between them`,
      taken: `the ${separatorNames[delimiter]} as the separator`,
      why: `it gives every row as many cells as the header; separator: ${JSON.stringify(delimiter)} in the manifest, or --separator, settles it`,
    });
  }
  const { data, errors } = Papa.parse<string[]>(text, { delimiter, skipEmptyLines: 'greedy' });
  const quotes = errors.find(({ type }) => type === 'Quotes');
  if (quotes === undefined) return data;
  throw new NacreError('bad-table', 'the CSV file has a broken quotation', {
    file: path,
    row: quotes.row,
    found: quotes.message,
    expected: 'quotes in pairs (RFC 4180)',
    todo: 'correct the row',
  });
}

/** The separator that gives all rows as many cells as the header, and most of them; a comma where none does. */
function recognised(text: string): Separator {
  const end = text.length > looked ? text.lastIndexOf('\n', looked) : text.length;
  const start = text.slice(0, end < 0 ? looked : end);
  const tried = separators.map((delimiter) => {
    const { data } = Papa.parse<string[]>(start, { delimiter, skipEmptyLines: 'greedy' });
    const columns = data[0]?.length ?? 0;
    return { delimiter, columns, even: data.every((row) => row.length === columns) };
  });
  const most = (candidates: typeof tried) =>
    candidates
      .filter(({ columns }) => columns > 1)
      .reduce<(typeof tried)[number] | undefined>(
        (best, one) => (best === undefined || one.columns > best.columns ? one : best),
        undefined,
      );
  return (most(tried.filter(({ even }) => even)) ?? most(tried))?.delimiter ?? ',';
}
