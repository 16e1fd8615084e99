import { strFromU8, strToU8, type UnzipFileInfo, unzipSync, zipSync } from 'fflate';

/** Largest unpacked size, bytes, of the sheet with its texts and styles. The reader needs 12 times as much memory. */
const largestWorkbook = 32e6;
const mostRows = 2 ** 18;
/** Characters between < and >; the reader goes over its attributes again and again. */
const longestTag = 2 ** 14;
const mostCells = 1.2e6;
/** Cells from A1 to the last row and column that are named, the empty ones included. */
const widest = 8e6;

/**
 * The parts of an Excel file (a zip archive of XML) that one sheet needs, unpacked, since the reader itself would unpack
 * everything without a bound. Each part may unpack to the size that it declares: the buffers have that size, and
 * a larger part is cut there. In the sheet, errors of Excel and formulas without a value become texts.
 *
 * @param sheet default: the first
 * @throws Error in words, for the caller who knows the file's name
 */
export function boundedWorkbook(bytes: Uint8Array, sheet?: string | undefined): ArrayBuffer {
  let total = 0;
  const bounded =
    (wanted: (name: string) => boolean) =>
    ({ name, originalSize }: UnzipFileInfo) => {
      if (!/\.(?:xml|rels)$/.test(name) || !wanted(name)) return false;
      total += originalSize;
      if (total > largestWorkbook) {
        throw new Error(`a sheet that unpacks to more than ${largestWorkbook / 1e6} MB`);
      }
      return true;
    };
  const isSheet = (name: string) => /(?:^|\/)worksheets\//.test(name) && !name.endsWith('.rels');
  const parts = unzipSync(bytes, { filter: bounded((name) => !isSheet(name)) });
  for (const content of Object.values(parts)) requireShortTags(strFromU8(content));
  const asked = sheetPath(parts, sheet);
  // Without a known path all sheets are passed on: the reader then reports the fault.
  const sheets = unzipSync(bytes, {
    filter: bounded((name) => isSheet(name) && (asked === undefined || name === asked)),
  });
  for (const [name, content] of Object.entries(sheets)) {
    const xml = strFromU8(content);
    requireShortTags(xml);
    const prefix = /<(\w+:)?worksheet[\s>]/.exec(xml)?.[1] ?? '';
    requireCells(xml, prefix);
    parts[name] = strToU8(withTexts(xml, prefix));
  }
  const { buffer, byteOffset, byteLength } = zipSync(parts, { level: 0 });
  return buffer.slice(byteOffset, byteOffset + byteLength);
}

/** Name of the part that holds a sheet; undefined where the workbook does not say, or has no such sheet. */
function sheetPath(
  parts: Readonly<Record<string, Uint8Array>>,
  sheet: string | undefined,
): string | undefined {
  const [book, relations] = ['xl/workbook.xml', 'xl/_rels/workbook.xml.rels'].map((name) =>
    Object.hasOwn(parts, name) ? strFromU8(parts[name]) : '',
  );
  const entries = [...book.matchAll(/<(?:\w+:)?sheet\s([^>]*)>/g)].map(([, text]) => ({
    name: unescaped(attribute(text, 'name') ?? ''),
    id: attribute(text, '\\w+:id'),
  }));
  const entry = sheet === undefined ? entries[0] : entries.find(({ name }) => name === sheet);
  if (entry?.id === undefined) return undefined;
  for (const [, text] of relations.matchAll(/<(?:\w+:)?Relationship\s([^>]*)>/g)) {
    if (attribute(text, 'Id') !== entry.id) continue;
    const target = attribute(text, 'Target') ?? '';
    return target.startsWith('/') ? target.slice(1) : `xl/${target.replace(/^\.\//, '')}`;
  }
  return undefined;
}

function attribute(text: string, name: string): string | undefined {
  return new RegExp(`(?:^|\\s)${name}\\s*=\\s*["']([^"']*)["']`).exec(text)?.[1];
}

function unescaped(text: string): string {
  const named: Record<string, string> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };
  return text
    .replace(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)))
    .replace(/&(lt|gt|quot|apos|amp);/g, (_, name) => named[name]);
}

/** @throws Error in words */
function requireShortTags(xml: string): void {
  for (let at = xml.indexOf('<'); at >= 0; at = xml.indexOf('<', at + 1)) {
    const end = xml.indexOf('>', at);
    if (end < 0) return;
    if (end - at > longestTag) throw new Error(`an XML tag of ${end - at} characters`);
    at = end;
  }
}

/** A single distant cell makes a table of all cells before it. @throws Error in words */
function requireCells(xml: string, prefix: string): void {
  const rows = tagsOf(xml, `${prefix}row`);
  let [lastRow, lastColumn] = [0, 1];
  let found = 0;
  for (const { attributes } of rows) {
    if (++found > mostRows) throw new Error(`more than ${mostRows} rows`);
    lastRow = Math.max(lastRow, found, Number(attribute(attributes, 'r') ?? 0));
  }
  let cells = 0;
  for (const { attributes } of tagsOf(xml, `${prefix}c`)) {
    if (++cells > mostCells) throw new Error(`more than ${mostCells} cells`);
    const at = attributes.indexOf('r="');
    if (at < 0) continue;
    let column = 0;
    for (let i = at + 3; i < attributes.length; i++) {
      const letter = attributes.charCodeAt(i) - 64;
      if (letter < 1 || letter > 26) break;
      column = 26 * column + letter;
    }
    if (column > lastColumn) lastColumn = column;
  }
  if (lastRow * lastColumn <= widest) return;
  throw new Error(
    `cells down to row ${lastRow} and column ${lastColumn} (at most ${widest} cells are read, empty ones included)`,
  );
}

interface Tag {
  /** Where `<` stands. */
  start: number;
  /** Behind `>`. */
  end: number;
  attributes: string;
  /** `<c/>`. */
  empty: boolean;
}

/** The opening tags of a name, from one `<` to the next `>`: one pass, for any text. */
function* tagsOf(xml: string, name: string): Generator<Tag> {
  const open = `<${name}`;
  for (let at = xml.indexOf(open); at >= 0; at = xml.indexOf(open, at)) {
    const start = at;
    at += open.length;
    const next = xml.charCodeAt(at);
    // A blank, / or >; else it is a longer name.
    if (!(next <= 0x20 || next === 0x2f || next === 0x3e)) continue;
    const end = xml.indexOf('>', at);
    if (end < 0) return;
    const empty = xml.charCodeAt(end - 1) === 0x2f;
    yield { start, end: end + 1, attributes: xml.slice(at, empty ? end - 1 : end), empty };
    at = end + 1;
  }
}

/** Text of the first element with a name; undefined where there is none, empty for `<v/>`. */
function textOf(xml: string, name: string): string | undefined {
  for (const { end, empty } of tagsOf(xml, name)) {
    const close = empty ? -1 : xml.indexOf('<', end);
    return close < 0 ? '' : xml.slice(end, close);
  }
  return undefined;
}

/** Errors (`t="e"`) and formulas without a stored value as texts, which a reader of numbers would take for empty cells. */
function withTexts(xml: string, prefix: string): string {
  const formulas = xml.includes(`<${prefix}f`);
  if (!formulas && !/\st=["']e["']/.test(xml)) return xml;
  const parts: string[] = [];
  let done = 0;
  for (const { start, end, attributes, empty } of tagsOf(xml, `${prefix}c`)) {
    if (empty || start < done) continue;
    const close = xml.indexOf(`</${prefix}c>`, end);
    if (close < 0) break;
    const text = textInstead(xml.slice(end, close), attribute(attributes, 't'), prefix);
    if (text === undefined) continue;
    const rest = attributes.replace(/\st\s*=\s*["'][^"']*["']/, '');
    parts.push(
      xml.slice(done, start),
      `<${prefix}c${rest} t="str"><${prefix}v>${text}</${prefix}v>`,
    );
    done = close;
  }
  parts.push(xml.slice(done));
  return parts.join('');
}

function textInstead(
  content: string,
  type: string | undefined,
  prefix: string,
): string | undefined {
  const value = textOf(content, `${prefix}v`);
  if (type === 'e') return value || '#ERROR!';
  const formula = textOf(content, `${prefix}f`);
  // A formula whose value is the empty text has a type and an empty value.
  if (formula === undefined || value || (type === 'str' && value !== undefined)) return undefined;
  return `=${formula || 'formula'}`;
}
