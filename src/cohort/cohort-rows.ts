import { selectRows } from '../table/join-tables.ts';
import type { Cohort, CohortColumn } from './cohort.ts';

/** The parts of a cohort that have one entry per patient. */
export type CohortRows = Pick<Cohort, 'patients' | 'blocks' | 'endpoints' | 'images' | 'columns'>;

/**
 * Some patients of a cohort, in the order asked for: tables, labels and scans go along with the patient. Tables are shared where
 * all patients stay as they are.
 *
 * @param rows numbers of patients in the cohort, from 0
 */
export function cohortRows(
  { patients, blocks, endpoints, images, columns }: CohortRows,
  rows: readonly number[],
): CohortRows {
  const all = rows.length === patients.length && rows.every((row, at) => row === at);
  return {
    patients: rows.map((row) => patients[row]),
    blocks: Object.fromEntries(
      Object.entries(blocks).map(([name, table]) => [name, all ? table : selectRows(table, rows)]),
    ),
    endpoints: Object.fromEntries(
      Object.entries(endpoints).map(([id, endpoint]) => [
        id,
        { ...endpoint, labels: Int8Array.from(rows, (row) => endpoint.labels[row]) },
      ]),
    ),
    images: images && imageRows(images, rows),
    columns: columns && columnRows(columns, rows),
  };
}

/** Scans of some patients, in the order asked for. */
export function imageRows(
  images: NonNullable<Cohort['images']>,
  rows: readonly number[],
): NonNullable<Cohort['images']> {
  return Object.fromEntries(
    Object.entries(images).map(([scan, files]) => [scan, rows.map((row) => files[row])]),
  );
}

function columnRows(
  columns: NonNullable<Cohort['columns']>,
  rows: readonly number[],
): NonNullable<Cohort['columns']> {
  return Object.fromEntries(
    Object.entries(columns).map(([name, column]): [string, CohortColumn] => [
      name,
      column.type === 'number'
        ? { ...column, values: Float64Array.from(rows, (row) => column.values[row]) }
        : { ...column, values: rows.map((row) => column.values[row]) },
    ]),
  );
}
