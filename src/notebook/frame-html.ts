import { escapeHtml } from '../report/html.ts';
import { printed } from '../report/printed-number.ts';
import { log10 } from '../runtime/elementary.ts';
import { textTable } from '../runtime/terminal/text-table.ts';

/** The parts of a danfojs DataFrame (or a similar object) that are used: rows of values under column names. */
export interface FrameLike {
  columns: readonly string[];
  values: readonly unknown[];
  index?: readonly (string | number)[];
}

export function isFrame(value: unknown): value is FrameLike {
  const frame = value as FrameLike | null;
  return (
    typeof frame === 'object' &&
    frame !== null &&
    Array.isArray(frame.columns) &&
    Array.isArray(frame.values)
  );
}

export interface FrameOptions {
  /** Rows shown; the rest is counted below. Default 30. */
  rows?: number | undefined;
  /** Columns shown, 3 or more: the first ones and the last ones, those between are folded and counted. Default 20. */
  columns?: number | undefined;
  /** Significant digits of numbers that are not whole. Default 4. */
  digits?: number | undefined;
  caption?: string | undefined;
}

/** The part of a frame that is shown, as text. */
export interface FrameView {
  header: string[];
  rows: string[][];
  /** Columns of numbers, which stand to the right. */
  numeric: boolean[];
  /** Caption, and how much is left out; undefined where there is nothing to say. */
  note: string | undefined;
}

/** Frames of more columns than this keep their first column in sight while the others are scrolled. */
const narrow = 10;

/** Picks the rows and columns of a frame that are shown, and formats their cells. */
export function frameView(frame: FrameLike, options: FrameOptions = {}): FrameView {
  const { rows = 30, columns = 20, digits = 4, caption } = options;
  const values = frame.values.map((row) => (Array.isArray(row) ? row : [row]) as unknown[]);
  const count = frame.columns.length;
  const limit = Math.max(3, columns);
  const folded = count > limit;
  const head = Math.ceil((limit - 1) / 2);
  const shown = Array.from({ length: folded ? limit - 1 : count }, (_, i) =>
    folded && i >= head ? count - (limit - 1) + i : i,
  );
  /** Puts the mark of the folded columns between the first and the last ones. */
  const withFold = <T>(cells: T[], mark: T): T[] =>
    folded ? [...cells.slice(0, head), mark, ...cells.slice(head)] : cells;
  const left = [
    values.length > rows ? `${rows} of ${values.length} rows` : undefined,
    folded ? `${limit - 1} of ${count} columns` : undefined,
  ];
  const note = [caption, ...left].filter((text) => text !== undefined).join(' · ');
  const numeric = shown.map((c) =>
    values.every((row) => typeof row[c] === 'number' || isMissing(row[c])),
  );
  return {
    header: withFold(
      shown.map((c) => frame.columns[c]),
      `… ${count - (limit - 1)} columns …`,
    ),
    rows: values.slice(0, rows).map((row) =>
      withFold(
        shown.map((c) => formatCell(row[c], digits)),
        '…',
      ),
    ),
    numeric: withFold(numeric, false),
    note: note === '' ? undefined : note,
  };
}

/** A table as HTML that reads well in JupyterLab, VS Code and on GitHub: numbers to the right, sensible digits. */
export function frameHtml(frame: FrameLike, options: FrameOptions = {}): string {
  const { header, rows, numeric, note } = frameView(frame, options);
  const wide = header.length > narrow;
  const style = (c: number, shaded: boolean) => {
    const align = `text-align:${numeric[c] ? 'right' : 'left'}${wide ? ';padding:.5em .35em' : ''}`;
    if (!wide || c > 0) return ` style="${align}"`;
    // Names would be squeezed by the other columns, which can be scrolled.
    const room = numeric[c] ? '' : ';min-width:11em';
    return ` style="${align}${room};${frozen(shaded)}"`;
  };
  const cells = (texts: readonly string[], tag: 'th' | 'td', shaded = false) =>
    texts.map((text, c) => `<${tag}${style(c, shaded)}>${escapeHtml(text)}</${tag}>`).join('');
  const body = rows.map((row, r) => `<tr>${cells(row, 'td', r % 2 === 1)}</tr>`).join('\n');
  const below = note === undefined ? '' : `\n<p><small>${escapeHtml(note)}</small></p>`;
  const table = `<table>\n<thead><tr>${cells(header, 'th')}</tr></thead>\n<tbody>\n${body}\n</tbody>\n</table>`;
  return `${wide ? `<div style="overflow-x:auto">${table}</div>` : table}${below}`;
}

/** Opaque, so that the columns that scroll below it do not shine through; the colour is the one that JupyterLab gives the row. */
function frozen(shaded: boolean): string {
  const colour = shaded ? 'rendermime-table-row-background' : 'layout-color0';
  return `position:sticky;left:0;background:var(--jp-${colour}, Canvas)`;
}

/** The same as plain text, for terminals and for readers that show no HTML. */
export function frameText(frame: FrameLike, options: FrameOptions = {}): string {
  const { header, rows, note } = frameView(frame, options);
  const table = textTable(header, rows);
  return note === undefined ? table : `${table}\n${note}`;
}

/** A value as it stands in a cell. */
export function formatCell(value: unknown, digits = 4): string {
  if (isMissing(value)) return '–';
  if (typeof value !== 'number') return String(value);
  if (Number.isInteger(value)) return printed(String(value));
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '−∞';
  const size = Math.abs(value);
  const text =
    size >= 1e6 || size < 1e-4 ? value.toExponential(digits - 1) : toSignificant(value, digits);
  return printed(text);
}

/** Whole digits are never cut: 15234.6 is 15235, 0.73149 is 0.7315, 0.00123456 is 0.001235. */
function toSignificant(value: number, digits: number): string {
  // Rounding first: 0.99996 to four digits is 1.000, one place further left.
  const rounded = Number(value.toPrecision(digits));
  const whole = Math.floor(log10(Math.abs(rounded))) + 1;
  return value.toFixed(Math.max(0, digits - whole));
}

function isMissing(value: unknown): boolean {
  return (
    value === null || value === undefined || (typeof value === 'number' && Number.isNaN(value))
  );
}
