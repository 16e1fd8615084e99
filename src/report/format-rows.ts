import { csvText } from '../table/csv.ts';
import type { RowFormat } from './row-formats.ts';
import type { TableRow } from './table-row.ts';

/**
 * Rows of a table as text, a line feed at the end. Columns are those of the first row, in its order.
 * Numbers keep every digit in JSON and CSV, and four decimals in Markdown; what is missing is null, or an empty cell.
 */
export function formatRows(rows: readonly TableRow[], format: RowFormat): string {
  const columns = Object.keys(rows[0] ?? {});
  if (format === 'json') {
    const whole = rows.map((row) =>
      Object.fromEntries(columns.map((name) => [name, row[name] ?? null])),
    );
    return `${JSON.stringify(whole, null, 2)}\n`;
  }
  if (format === 'csv') {
    return csvText(
      columns.map((name) => {
        const values = rows.map((row) => row[name] ?? '');
        return { name, type: 'STRING' as const, data: values.map(String) };
      }),
    );
  }
  return markdownTable(
    columns,
    rows.map((row) => columns.map((name) => markdownValue(row[name]))),
  );
}

function markdownValue(value: TableRow[string]): string {
  if (typeof value !== 'number') return String(value ?? '');
  return Number.isInteger(value) ? String(value) : value.toFixed(4);
}

/** A table in Markdown; text keeps its meaning: pipes, brackets of tags and line ends in cells are escaped. */
export function markdownTable(
  header: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  const line = (cells: readonly string[]) => `| ${cells.map(markdownText).join(' | ')} |`;
  return `${[line(header), `|${header.map(() => ' --- |').join('')}`, ...rows.map(line)].join('\n')}\n`;
}

function markdownText(text: string): string {
  return text
    .replaceAll('\\', '\\\\')
    .replaceAll('|', '\\|')
    .replaceAll('<', '&lt;')
    .replaceAll(/\r?\n/g, '<br>');
}
