import readWorkbook, { readSheet } from 'read-excel-file/universal';
import { NacreError } from '../runtime/errors.ts';
import { boundedWorkbook } from './bounded-workbook.ts';

/**
 * The cells of a sheet, the header first. An error of Excel (`#N/A`, `#DIV/0!`) becomes its text, and a formula without a stored
 * value becomes the formula's text (`=A1+B1`): both are then no number and no code, and are refused where they are used.
 *
 * @param sheet default: the first
 * @throws NacreError `bad-table`
 */
export async function excelCells(
  path: string,
  bytes: Uint8Array,
  sheet: string | undefined,
): Promise<readonly (readonly unknown[])[]> {
  let workbook: ArrayBuffer | undefined;
  try {
    workbook = boundedWorkbook(bytes, sheet);
    return sheet === undefined ? await readSheet(workbook) : await readSheet(workbook, sheet);
  } catch (cause) {
    const names = sheet === undefined ? undefined : workbook && (await sheetNames(workbook));
    const lacking = names !== undefined && !names.includes(sheet ?? '');
    throw new NacreError('bad-table', 'cannot read the Excel file', {
      file: path,
      found: lacking ? `sheets ${names.join(', ')}` : (cause as Error).message,
      expected: lacking ? `a sheet named ${sheet}` : 'an .xlsx file',
      todo: lacking
        ? 'check the sheet name in the manifest'
        : 'check the file; a large table is better saved as CSV or Parquet',
      cause,
    });
  }
}

async function sheetNames(workbook: ArrayBuffer): Promise<string[] | undefined> {
  try {
    return (await readWorkbook(workbook)).map(({ sheet }) => sheet);
  } catch {
    return undefined;
  }
}
