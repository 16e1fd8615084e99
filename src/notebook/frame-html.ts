import { escapeHtml } from '../report/html.ts';

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
  /** Significant digits of numbers that are not whole. Default 4. */
  digits?: number | undefined;
  caption?: string | undefined;
}

/** A table as HTML that reads well in JupyterLab, VS Code and on GitHub: numbers to the right, sensible digits. */
export function frameHtml(frame: FrameLike, options: FrameOptions = {}): string {
  const { rows = 30, digits = 4, caption } = options;
  const values = frame.values.map((row) => (Array.isArray(row) ? row : [row]) as unknown[]);
  const numeric = frame.columns.map((_, c) =>
    values.every((row) => typeof row[c] === 'number' || isMissing(row[c])),
  );
  const align = (c: number) => ` style="text-align:${numeric[c] ? 'right' : 'left'}"`;
  const head = frame.columns.map((name, c) => `<th${align(c)}>${escapeHtml(name)}</th>`).join('');
  const body = values
    .slice(0, rows)
    .map(
      (row) =>
        `<tr>${row.map((value, c) => `<td${align(c)}>${escapeHtml(formatCell(value, digits))}</td>`).join('')}</tr>`,
    )
    .join('\n');
  const more = values.length > rows ? `${rows} of ${values.length} rows` : undefined;
  const note = [caption, more].filter((text) => text !== undefined).join(' · ');
  const below = note === '' ? '' : `\n<p><small>${escapeHtml(note)}</small></p>`;
  return `<table>\n<thead><tr>${head}</tr></thead>\n<tbody>\n${body}\n</tbody>\n</table>${below}`;
}

/** The same as plain text, for terminals and for readers that show no HTML. */
export function formatCell(value: unknown, digits = 4): string {
  if (isMissing(value)) return '–';
  if (typeof value !== 'number') return String(value);
  if (Number.isInteger(value)) return String(value);
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '−∞';
  const size = Math.abs(value);
  const text =
    size >= 1e6 || size < 1e-4 ? value.toExponential(digits - 1) : toSignificant(value, digits);
  return text.replace('-', '−');
}

/** Whole digits are never cut: 15234.6 is 15235, 0.73149 is 0.7315, 0.00123456 is 0.001235. */
function toSignificant(value: number, digits: number): string {
  // Rounding first: 0.99996 to four digits is 1.000, one place further left.
  const rounded = Number(value.toPrecision(digits));
  const whole = Math.floor(Math.log10(Math.abs(rounded))) + 1;
  return value.toFixed(Math.max(0, digits - whole));
}

function isMissing(value: unknown): boolean {
  return (
    value === null || value === undefined || (typeof value === 'number' && Number.isNaN(value))
  );
}
