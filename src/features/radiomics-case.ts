import { existsSync } from 'node:fs';
import { dirname, isAbsolute, resolve } from 'node:path';
import { readRawTable } from '../machine/read-table.ts';
import { NacreError } from '../runtime/errors.ts';
import { requireOneSpelling } from '../table/patient-spelling.ts';
import { columnIndex, type TableFormat } from '../table/raw-table.ts';
import type { CaseTask } from './run-cases.ts';

/**
 * A case of a batch file: paths of its scan and mask (absolute), its label, its patient (the batch's column of ids, where it
 * has one).
 */
export interface RadiomicsCase extends Omit<CaseTask, 'scan'> {
  /** 1-based row of the batch file, header excluded; 0: not from a batch file. */
  row: number;
  /** Every cell of the row, unchanged from the batch file, Image and Mask included. */
  cells: Readonly<Record<string, string>>;
}

/** Columns whose cell names the patient in errors, first one wins. */
const idColumns = ['ID', 'Patient', 'PatientID', 'patient', 'Case', 'Subject'];

/**
 * Reads a batch in PyRadiomics' own form: columns `Image` and `Mask` (relative to the batch file), `Label` where
 * wanted (a number or `all`), all others carried along.
 *
 * @param options separator between cells (absent: recognised, and noted where it is no comma)
 * @throws NacreError `file-missing`, `bad-table`, `missing-column`, `bad-cell`, `ambiguous-id`
 */
export async function readBatch(
  path: string,
  { separator, note }: Pick<TableFormat, 'separator' | 'note'> = {},
): Promise<RadiomicsCase[]> {
  if (!existsSync(path)) {
    throw new NacreError('file-missing', 'cannot read the batch file', {
      file: path,
      found: 'no such file',
      expected: 'a CSV file with columns Image and Mask',
    });
  }
  const table = await readRawTable(path, { format: 'csv', separator, note });
  const image = columnIndex(table, 'Image');
  const mask = columnIndex(table, 'Mask');
  const label = table.header.indexOf('Label');
  const absolute = (cell: string) =>
    isAbsolute(cell) ? cell : resolve(dirname(resolve(path)), cell);
  const cases = table.rows.map((row, at) => {
    const cells = Object.fromEntries(
      table.header.map((title, i) => [title, row[i] === null ? '' : String(row[i])]),
    );
    for (const [column, i] of [
      ['Image', image],
      ['Mask', mask],
    ] as const) {
      if (row[i] !== null) continue;
      throw new NacreError('bad-cell', 'the cell is empty', {
        file: path,
        row: at + 1,
        column,
        expected: 'the path of a file',
      });
    }
    return {
      row: at + 1,
      patient: patientOf(cells),
      image: absolute(cells.Image),
      mask: absolute(cells.Mask),
      label: label < 0 ? undefined : labelFrom(cells.Label, { file: path, row: at + 1 }),
      cells,
    };
  });
  requireOneSpelling(
    cases.flatMap(({ patient: id, row }) => (id === undefined ? [] : [{ id, file: path, row }])),
  );
  return cases;
}

/** The task of a case: errors name the patient, or the row of the batch file where no column names the patient. */
export function taskOf({ image, mask, label, patient, row }: RadiomicsCase): CaseTask {
  const line = patient === undefined && row > 0 ? row : undefined;
  return { image, mask, label, patient, row: line };
}

function patientOf(cells: Readonly<Record<string, string>>): string | undefined {
  const column = idColumns.find((name) => cells[name] !== undefined && cells[name] !== '');
  return column === undefined ? undefined : cells[column];
}

/** A label cell: empty (the settings' label), a whole number above 0 or `all`. @throws NacreError `bad-cell` */
export function labelFrom(
  text: string,
  where: { file?: string; row?: number } = {},
): number | 'all' | undefined {
  if (text === '') return undefined;
  if (text === 'all') return 'all';
  const label = Number(text);
  if (Number.isInteger(label) && label > 0) return label;
  throw new NacreError('bad-cell', 'the label is not valid', {
    ...where,
    column: 'Label',
    found: text,
    expected: 'a whole number above 0, or all',
  });
}
