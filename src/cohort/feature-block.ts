import { type FeatureColumn, type FeatureTable, featureTable } from '../table/feature-table.ts';
import { type Cell, columnIndex, type RawTable } from '../table/raw-table.ts';
import { numberFrom } from './cell-value.ts';
import type { Manifest } from './manifest.ts';

/**
 * A block of features from its file: every column but the patient id and the ignored ones, as numbers.
 * Empty cells are missing; text and infinite values are refused. Names: `modality.region.column`, or
 * `block.column` where the manifest names no scan.
 *
 * @param patients patient of each row of the file
 * @throws NacreError `missing-column`, `not-a-number`, `infinite-value`
 */
export function featureBlock(
  table: RawTable,
  patients: readonly string[],
  file: Manifest['features'][number],
): FeatureTable {
  const { block, modality, region, missing } = file;
  const left = new Set([file.patient.column, ...file.ignore].map((t) => columnIndex(table, t)));
  const stem = [modality, region].filter((part) => part !== undefined).join('.') || block;
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
    columns.push({ name: `${stem}.${table.header[at]}`, block, modality, region, values });
  }
  return featureTable(patients, columns);
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
