import type { NoteAssumption } from '../runtime/assumptions.ts';
import { NacreError } from '../runtime/errors.ts';
import { type FeatureColumn, type FeatureTable, featureTable } from '../table/feature-table.ts';
import { type Cell, columnIndex, type RawTable } from '../table/raw-table.ts';
import { numberFrom } from './cell-value.ts';
import type { Manifest } from './manifest.ts';
import { noteMissingCode } from './missing-codes.ts';
import { pyradiomicsColumns } from './pyradiomics-columns.ts';
import { suspectColumns } from './suspect-columns.ts';

type FeatureFile = Manifest['features'][number];

/**
 * A block of features from its file: every column but the patient id, the ignored ones, what PyRadiomics writes beside its
 * features, and what looks like a row number or an id (unless the manifest names it in `keep`), as numbers. Empty cells are
 * missing; text and infinite values are refused. Names: `modality.region.column`, or `block.column` where the manifest names
 * no scan.
 *
 * @param patients patient of each row of the file
 * @throws NacreError `missing-column`, `not-a-number`, `infinite-value`, `no-features`
 */
export function featureBlock(
  table: RawTable,
  patients: readonly string[],
  file: FeatureFile,
  note: NoteAssumption = () => {},
): FeatureTable {
  const { block, modality, region, missing } = file;
  const left = leftColumns(table, patients, file, note);
  const stem = columnStem(file);
  const columns: FeatureColumn[] = [];
  for (let at = 0; at < table.header.length; at++) {
    if (left.has(at)) continue;
    const values = new Float64Array(table.rows.length);
    for (let row = 0; row < values.length; row++) {
      const cell = table.rows[row][at];
      const quick = missing.length === 0 ? quickNumber(cell) : Number.NaN;
      values[row] = Number.isFinite(quick)
        ? quick
        : numberFrom(cell, missing, {
            file: table.file,
            row: row + 1,
            column: table.header[at],
            patient: patients[row],
          });
    }
    noteMissingCode(values, `${block}: ${table.header[at]}`, file.file, note);
    columns.push({ name: `${stem}.${table.header[at]}`, block, modality, region, values });
  }
  if (columns.length === 0) {
    throw new NacreError('no-features', `no feature is left in the block ${block}`, {
      file: table.file,
      found: `${table.header.length} columns, none of them a feature`,
      expected: 'at least one column of numbers beside the patient id',
      todo: 'check ignore, and name columns that look like ids or row numbers in keep',
    });
  }
  return featureTable(patients, columns);
}

/** Prefix of the title in a column's name: `ceT1.intra`, or the block where no scan is named. */
export function columnStem({
  block,
  modality,
  region,
}: Pick<FeatureColumn, 'block' | 'modality' | 'region'>): string {
  return [modality, region].filter((part) => part !== undefined).join('.') || block;
}

/** Numbers of the columns that are no features; those that the manifest did not name are noted. */
function leftColumns(
  table: RawTable,
  patients: readonly string[],
  file: FeatureFile,
  note: NoteAssumption,
): Set<number> {
  const left = new Set([file.patient.column, ...file.ignore].map((t) => columnIndex(table, t)));
  const kept = new Set(file.keep.map((title) => columnIndex(table, title)));
  const beside = pyradiomicsColumns(table.header).filter((at) => !left.has(at) && !kept.has(at));
  if (beside.length > 0) {
    note({
      kind: 'column-left-out',
      file: file.file,
      found: `${file.block}: ${beside.map((at) => table.header[at]).join(', ')}`,
      taken: 'left out of the features',
      why: 'PyRadiomics writes these columns beside its features; name one in keep to use it',
    });
    for (const at of beside) left.add(at);
  }
  for (const [at, what] of suspectColumns(table, {
    left: new Set([...left, ...kept]),
    ids: patients,
  })) {
    left.add(at);
    note({
      kind: 'suspicious-column',
      level: 'warning',
      file: file.file,
      found: `${file.block}: column ${table.header[at] || '(no name)'} looks like ${what}`,
      taken: 'left out of the features',
      why: 'it names a patient or a row and measures nothing; name it in keep in the features block to use it',
    });
  }
  return left;
}

/** Plain decimals without a regular expression: wide tables have millions. All else is NaN, for `numberFrom` to judge. */
function quickNumber(cell: Cell): number {
  if (typeof cell !== 'string') return cell ?? Number.NaN;
  // A letter in second place is 0x, 0b or 0o, which Number would take; 1e5 goes the slow way too.
  return cell.charCodeAt(1) > 57 ? Number.NaN : Number(cell);
}

/** Names of the columns that hold one value only (missing aside), or none. */
export function constantColumns(table: FeatureTable): string[] {
  return table.columns
    .filter(({ values }) => {
      const first = values.find((value) => !Number.isNaN(value));
      return values.every((value) => Number.isNaN(value) || value === first);
    })
    .map(({ name }) => name);
}
