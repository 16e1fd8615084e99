import { NacreError } from '../runtime/errors.ts';
import { type Cell, columnIndex, type RawTable } from '../table/raw-table.ts';
import type { ReadableColumn } from './binary-coding.ts';

/** Position of a cell, for errors. */
export interface CellPlace {
  file: string;
  /** 1-based, header excluded. */
  row: number;
  column: string;
  patient?: string | undefined;
}

const decimal = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

/**
 * A finite number from a cell; NaN where it is empty or one of the texts that mean missing.
 * Texts such as `NaN`, `inf`, `n/a` are refused unless the manifest declares them missing.
 *
 * @throws NacreError `not-a-number`, `infinite-value`
 */
export function numberFrom(cell: Cell, missing: readonly string[], place: CellPlace): number {
  if (cell === null || (missing.length > 0 && missing.includes(String(cell)))) return Number.NaN;
  const value = typeof cell === 'number' ? cell : decimal.test(cell) ? Number(cell) : Number.NaN;
  if (Number.isFinite(value)) return value;
  const infinite = !Number.isNaN(value) || /^[+-]?inf(inity)?$/i.test(String(cell));
  throw new NacreError(
    infinite ? 'infinite-value' : 'not-a-number',
    infinite ? 'a value is infinite' : 'a cell is not a number',
    {
      ...place,
      found: JSON.stringify(String(cell)),
      expected: 'a finite number, or an empty cell where it is missing',
      todo: whatToDo(String(cell)),
    },
  );
}

function whatToDo(text: string): string {
  if (/^=/.test(text)) {
    return 'the file holds the formula without its value: open it in Excel or LibreOffice and save it';
  }
  if (/^[+-]?\d{1,3}(?:[. ]?\d{3})*,\d+$/.test(text)) {
    return `write decimals with a point: ${text.replace(/[. ]/g, '').replace(',', '.')}`;
  }
  return `correct the cell, or declare the text as missing in the manifest: "missing": [${JSON.stringify(text)}]`;
}

/**
 * The code in a cell of a coded column, as text (`1`, not `1.0`); undefined where it is missing.
 *
 * @throws NacreError `unknown-code`
 */
function codeFrom(
  cell: Cell,
  codes: readonly string[],
  missing: readonly string[],
  place: CellPlace,
): string | undefined {
  if (cell === null) return undefined;
  const code = canonicalCode(cell, codes, missing);
  if (missing.includes(code)) return undefined;
  if (codes.includes(code)) return code;
  throw new NacreError('unknown-code', 'a cell holds a code that the manifest does not explain', {
    ...place,
    found: JSON.stringify(code),
    expected: `one of ${codes.join(', ')}${missing.length > 0 ? `, or ${missing.join(', ')} for missing` : ''}, or an empty cell`,
    todo: `correct the cell, add the code to coding in the manifest (${JSON.stringify(code)}: "…"), or declare it missing ("missing": [${JSON.stringify(code)}])`,
  });
}

/** Spreadsheets and pandas write the code 1 as `1.0`. */
function canonicalCode(
  cell: string | number,
  codes: readonly string[],
  missing: readonly string[],
) {
  const text = String(cell);
  if (codes.includes(text) || missing.includes(text)) return text;
  return decimal.test(text) ? String(Number(text)) : text;
}

/** Values of one described column of a table, by row: numbers, codes (undefined missing), or texts. */
export type ColumnReader = (row: number) => number | string | undefined;

/** Reader of a described column; numbers are NaN where missing. Range and codes are checked. */
export function columnReader(
  table: RawTable,
  title: string,
  column: ReadableColumn,
  patients: readonly string[],
): ColumnReader {
  const at = columnIndex(table, title);
  const place = (row: number): CellPlace => ({
    file: table.file,
    row: row + 1,
    column: title,
    patient: patients[row],
  });
  switch (column.type) {
    case 'number':
      return (row) =>
        inRange(numberFrom(table.rows[row][at], column.missing, place(row)), column, place(row));
    case 'binary':
    case 'category': {
      const codes = Object.keys(column.coding);
      const spellings = column.type === 'binary' ? column.spellings : undefined;
      return (row) => {
        const cell = table.rows[row][at];
        const code = spellings?.get(String(cell)) ?? cell;
        return codeFrom(code, codes, column.missing, place(row));
      };
    }
    case 'id':
    case 'text':
      return (row) => {
        const cell = table.rows[row][at];
        return cell === null || column.missing.includes(String(cell)) ? undefined : String(cell);
      };
  }
}

function inRange(
  value: number,
  {
    minimum,
    maximum,
    unit,
  }: { minimum?: number | undefined; maximum?: number | undefined; unit: string },
  place: CellPlace,
): number {
  // NaN (missing) compares false and passes.
  if (!(minimum !== undefined && value < minimum) && !(maximum !== undefined && value > maximum)) {
    return value;
  }
  throw new NacreError('out-of-range', 'a value lies outside the range of its column', {
    ...place,
    found: `${value} ${unit}`,
    expected: `${minimum ?? 'any'} to ${maximum ?? 'any'} ${unit}`,
    todo: 'correct the cell or its unit, or the range in the manifest',
  });
}
