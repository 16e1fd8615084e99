import type { RawTable } from '../table/raw-table.ts';
import type { Manifest } from './manifest.ts';
import { looksLikePeople, suspectColumns } from './suspect-columns.ts';

/**
 * Warnings about columns of a patient table that may identify a person, or that would enter a model as one: a title such as
 * `MRN` or `PatientName`, dates or names of people as values, row numbers, whole numbers that are different for every
 * patient. The patient column itself is known to be an id; it is named where its ids are names.
 */
export function identityWarnings(
  table: RawTable,
  {
    patient,
    ignored,
    elsewhere = new Set(),
  }: {
    patient: string;
    ignored: ReadonlySet<string>;
    /** Titles that a features block of the same file answers for. */
    elsewhere?: ReadonlySet<string> | undefined;
  },
): string[] {
  const at = table.header.indexOf(patient);
  const warnings: string[] = [];
  if (at >= 0 && looksLikePeople(table.rows.map((row) => row[at]))) {
    warnings.push(
      `${table.file}: the patient ids in ${patient} look like names: use pseudonyms (--pseudonym-key)`,
    );
  }
  for (const [column, what] of suspectColumns(table, { left: new Set([at]) })) {
    const title = table.header[column];
    if (elsewhere.has(title)) continue;
    const use = ignored.has(title) ? 'not used' : 'used: take it out';
    warnings.push(`${table.file}: column ${title || '(no name)'} looks like ${what} (${use})`);
  }
  return warnings;
}

/** Titles of a patient table that no model sees: neither predictors nor undescribed. */
export function unusedTitles(manifest: Manifest, table: number): Set<string> {
  const predictors = new Set(manifest.predictors);
  const { columns } = manifest.tables[table];
  return new Set(
    Object.entries(columns)
      .filter(([, column]) => !predictors.has(column.name))
      .map(([title]) => title),
  );
}
