import { existsSync } from 'node:fs';
import Papa from 'papaparse';
import { parseImageAddress } from '../../machine/image-address.ts';
import { readRawTable } from '../../machine/read-table.ts';
import { NacreError } from '../../runtime/errors.ts';
import { writeWhole } from '../../runtime/write-whole.ts';
import { formulaStart } from '../../table/csv.ts';
import { type Cell, columnIndex, type RawTable } from '../../table/raw-table.ts';

/** What a reviewer can do with the mask of a scan: judge it (the first three), or save an edited copy of it. */
export const qcActions = ['accept', 'redo', 'exclude', 'edit'] as const;
export type QcAction = (typeof qcActions)[number];

/** A row of `qc.csv`. Rows are only added: the last judgement of a scan is the valid one, the others are its history. */
export interface QcRow {
  /** Name of the patient on the page: under `--pseudonym-key` the pseudonym. */
  patient: string;
  /** Name of the scan in the manifest. */
  scan: string;
  action: QcAction;
  reason: string;
  /** Who decided. */
  by: string;
  /** When: UTC, ISO 8601. */
  at: string;
  /** SHA-256 of the scan's file as it was looked at; empty where it could not be read. */
  imageSha256: string;
  /** SHA-256 of the mask's file that was judged, or that the edit started from. */
  maskSha256: string;
  /** Number N of an edit, in the name of its file (`<mask>.edited-N.nii.gz`), and the SHA-256 of that file. */
  edit?: number | undefined;
  editSha256?: string | undefined;
}

/** Titles of `qc.csv`, in this order. */
export const qcColumns = [
  'patient',
  'scan',
  'action',
  'reason',
  'by',
  'at',
  'image_sha256',
  'mask_sha256',
  'edit',
  'edit_sha256',
] as const;

/**
 * Reads the decisions of a cohort.
 *
 * @throws NacreError `file-missing`, `bad-table`, `missing-column`, `bad-decision` with row and column
 */
export async function readQcFile(path: string): Promise<QcRow[]> {
  if (!existsSync(path)) {
    throw new NacreError('file-missing', 'the file with the decisions on masks is not there', {
      file: path,
      expected: 'the file that the manifest names under qc',
      todo: 'look at the masks first (nacre cohort qc MANIFEST --serve), or take the key qc out',
    });
  }
  const table = await readRawTable(path, { format: 'csv' });
  const at = new Map(qcColumns.map((title) => [title, columnIndex(table, title)]));
  return table.rows.map((cells, i) => qcRow(table, cells, at, i + 1));
}

/** The decisions of a file, or none where it does not exist yet. */
export async function readQcFileIfThere(path: string): Promise<QcRow[]> {
  return existsSync(path) ? readQcFile(path) : [];
}

/** Writes all rows, whole or not at all. @throws NacreError `write-failed` */
export function writeQcFile(path: string, rows: readonly QcRow[]): void {
  writeWhole(path, qcText(rows));
}

/** The rows as CSV (RFC 4180, lines end with LF). */
export function qcText(rows: readonly QcRow[]): string {
  const data = rows.map((row) => [
    row.patient,
    row.scan,
    row.action,
    row.reason,
    row.by,
    row.at,
    row.imageSha256,
    row.maskSha256,
    row.edit ?? '',
    row.editSha256 ?? '',
  ]);
  return `${Papa.unparse(
    { fields: [...qcColumns], data },
    {
      newline: '\n',
      escapeFormulae: formulaStart,
    },
  )}\n`;
}

/**
 * The mask file that an edit is saved as: beside the old one, never over it.
 *
 * @param mask address of the mask that the manifest names; of a region of a DICOM file the part is left out
 */
export function editedMaskPath(mask: string, edit: number): string {
  const { path } = parseImageAddress(mask);
  return `${path.replace(/\.(nii(\.gz)?|nrrd|nhdr|dcm)$/i, '')}.edited-${edit}.nii.gz`;
}

/** The path, without ending, that the edits of a mask begin with; the mask may be an edit itself. */
export function originalMask(mask: string): string {
  return mask.replace(/\.edited-\d+\.nii\.gz$/, '');
}

function qcRow(
  table: RawTable,
  cells: readonly Cell[],
  columns: ReadonlyMap<(typeof qcColumns)[number], number>,
  row: number,
): QcRow {
  const text = (column: (typeof qcColumns)[number]) => {
    const cell = String(cells[columns.get(column) as number] ?? '');
    // The apostrophe that keeps a spreadsheet from running the text.
    return cell.startsWith("'") && formulaStart.test(cell.slice(1)) ? cell.slice(1) : cell;
  };
  const wrong = (column: (typeof qcColumns)[number], expected: string) =>
    new NacreError('bad-decision', 'a decision on a mask cannot be read', {
      file: table.file,
      row,
      column,
      found: text(column) === '' ? 'an empty cell' : text(column),
      expected,
      todo: 'correct the cell, or make the decision again (nacre cohort qc)',
    });
  const action = qcActions.find((one) => one === text('action'));
  if (action === undefined) throw wrong('action', `one of ${qcActions.join(', ')}`);
  for (const column of ['patient', 'scan'] as const) {
    if (text(column) === '') throw wrong(column, 'a name');
  }
  if (action === 'exclude' && text('reason') === '') throw wrong('reason', 'why it is excluded');
  for (const column of ['image_sha256', 'mask_sha256', 'edit_sha256'] as const) {
    if (!/^([0-9a-f]{64})?$/.test(text(column))) throw wrong(column, '64 lower-case hex digits');
  }
  if (Number.isNaN(Date.parse(text('at'))))
    throw wrong('at', 'a time such as 2026-11-27T09:00:00Z');
  const edit = Number(text('edit'));
  if (action === 'edit') {
    if (!(Number.isInteger(edit) && edit > 0))
      throw wrong('edit', 'the number of the edit, from 1');
    for (const column of ['mask_sha256', 'edit_sha256'] as const) {
      if (text(column) === '') throw wrong(column, '64 lower-case hex digits');
    }
  }
  return {
    patient: text('patient'),
    scan: text('scan'),
    action,
    reason: text('reason'),
    by: text('by'),
    at: text('at'),
    imageSha256: text('image_sha256'),
    maskSha256: text('mask_sha256'),
    ...(action === 'edit' ? { edit, editSha256: text('edit_sha256') } : {}),
  };
}
