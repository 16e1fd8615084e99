import Papa from 'papaparse';
import type { FeatureTable } from './feature-table.ts';
import type { PlainColumn } from './parquet-bytes.ts';

/**
 * Text that a spreadsheet would run as a formula: it begins with = + - @ (or their full-width forms, a tab, a line end)
 * and is not a number.
 */
export const formulaStart = /^(?![+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$)[=+\-@\t\r\n＝＋－＠]/i;

/**
 * Columns as CSV text: a header, a row per case, numbers in the shortest decimals that read back to the same bits,
 * an empty cell where a number is missing (NaN), line feeds at the ends. Text that a spreadsheet would take for a formula
 * (`=cmd|…`, `@SUM(…)`) gets an apostrophe in front, in titles too; numbers stay numbers, also where they come as text.
 */
export function csvText(columns: readonly PlainColumn[]): string {
  const rows = columns[0]?.data.length ?? 0;
  const lines = Array.from({ length: rows }, (_, row) =>
    columns.map(({ data }) => {
      const value = data[row];
      return typeof value === 'number' && Number.isNaN(value) ? '' : value;
    }),
  );
  const text = Papa.unparse([columns.map(({ name }) => name), ...lines], {
    newline: '\n',
    escapeFormulae: formulaStart,
  });
  return `${text}\n`;
}

/** A feature table as CSV text: a column `patient`, then a column per feature. Where columns came from is lost. */
export function csvOfTable(table: FeatureTable): string {
  return csvText([
    { name: 'patient', type: 'STRING', data: [...table.patients] },
    ...table.columns.map(({ name, values }) => ({ name, type: 'DOUBLE' as const, data: values })),
  ]);
}
