import { NacreError } from '../runtime/errors.ts';
import { type FeatureColumn, type FeatureTable, featureTable } from './feature-table.ts';
import { findPatientRows } from './patient-rows.ts';
import { requireOneSpelling } from './patient-spelling.ts';

/** The rows of a table in the order asked for, as copies. `rows` are row numbers, from 0. */
export function selectRows(table: FeatureTable, rows: readonly number[]): FeatureTable {
  return featureTable(
    rows.map((row) => table.patients[row]),
    table.columns.map((column) => ({
      ...column,
      values: Float64Array.from(rows, (row) => column.values[row]),
    })),
  );
}

/**
 * Puts tables side by side by patient id: the rows are `patients`, in that order; a patient whom a table lacks
 * is missing (NaN) in all its columns.
 *
 * @throws NacreError `duplicate-column` where two tables have a column of one name,
 *   `no-common-patients` where a table shares no patient with the list
 */
export function joinTables(
  patients: readonly string[],
  tables: readonly FeatureTable[],
): FeatureTable {
  const columns: FeatureColumn[] = [];
  for (const table of tables) {
    const rows = findPatientRows(table.patients, patients);
    // The table may hold a missing patient under another spelling.
    if (rows.includes(-1))
      requireOneSpelling([...patients, ...table.patients].map((id) => ({ id })));
    if (patients.length > 0 && rows.every((row) => row < 0)) {
      throw new NacreError(
        'no-common-patients',
        'a feature table shares no patient with the cohort',
        {
          found: `ids such as ${table.patients[0] ?? '(none)'}`,
          expected: `ids such as ${patients[0]}`,
          todo: 'check the id rule of the table in the manifest',
        },
      );
    }
    // One buffer per table: one per column would be tens of thousands, which threads pass on one by one.
    const all = new Float64Array(table.columns.length * rows.length);
    for (const [c, column] of table.columns.entries()) {
      const values = all.subarray(c * rows.length, (c + 1) * rows.length);
      for (let i = 0; i < rows.length; i++) {
        values[i] = rows[i] < 0 ? Number.NaN : column.values[rows[i]];
      }
      columns.push({ ...column, values });
    }
  }
  return featureTable(patients, columns);
}
