import type { FeatureTable } from '../table/feature-table.ts';
import { columnIndex, type RawTable } from '../table/raw-table.ts';
import { matchedIds } from './id-pattern.ts';
import type { PatientRule } from './manifest.ts';

/** A patient with more than one row in a table. Rows are 1-based, header excluded. */
export interface DuplicatePatient {
  file: string;
  patient: string;
  rows: number[];
}

/** Every patient that a table names more than once; ids that break the rule are left to `patientIds`. */
export function duplicatePatients(table: RawTable, rule: PatientRule): DuplicatePatient[] {
  const at = columnIndex(table, rule.column);
  const texts = table.rows.map((row) => String(row[at] ?? ''));
  const rows = new Map<string, number[]>();
  matchedIds(texts, rule, table.file).forEach((group, i) => {
    if (group === undefined) return;
    const patient = rule.as.replace('$1', () => group);
    const places = rows.get(patient);
    if (places === undefined) rows.set(patient, [i + 1]);
    else places.push(i + 1);
  });
  return [...rows]
    .filter(([, places]) => places.length > 1)
    .map(([patient, places]) => ({ file: table.file, patient, rows: places }));
}

/** Groups of columns with the same value for every patient (missing at the same places), constant columns aside. */
export function identicalColumns(table: FeatureTable): string[][] {
  const groups = new Map<string, string[]>();
  for (const { name, values } of table.columns) {
    const first = values[0];
    if (values.every((value) => value === first || (Number.isNaN(value) && Number.isNaN(first)))) {
      continue;
    }
    // All NaN are written alike, so that equal columns have equal bytes; + 0 turns -0 into 0.
    const bytes = Buffer.from(values.map((v) => (Number.isNaN(v) ? Number.NaN : v + 0)).buffer);
    const key = bytes.toString('latin1');
    groups.set(key, [...(groups.get(key) ?? []), name]);
  }
  return [...groups.values()].filter((names) => names.length > 1);
}
