import type { Manifest } from './manifest.ts';
import type { RawTable } from './raw-table.ts';

const identifier =
  /(^|[\s_.-])(id|mrn|ssn|nhs|accession|surname|forename|name|phone|postcode|zip)($|[\s_.-])/i;
const dates = /(^|[\s_.-])(dob|date|dt)($|[\s_.-])|birth/i;
const isoDate = /^\d{4}-\d{2}-\d{2}/;

/**
 * Warnings about columns that may identify a person, or that would enter a model as one: a title such as `MRN` or
 * `Date of birth`, dates as values, or whole numbers that are different for every patient.
 * The patient column itself is known to be an id.
 */
export function identityWarnings(
  table: RawTable,
  { patient, ignored }: { patient: string; ignored: ReadonlySet<string> },
): string[] {
  const warnings: string[] = [];
  table.header.forEach((title, at) => {
    if (title === patient) return;
    const cells = table.rows.map((row) => row[at]).filter((cell) => cell !== null);
    const looks = whatItLooksLike(title, cells as (string | number)[]);
    if (looks === undefined) return;
    const use = ignored.has(title) ? 'not used' : 'used: take it out';
    warnings.push(`${table.file}: column ${title} looks like ${looks} (${use})`);
  });
  return warnings;
}

function whatItLooksLike(title: string, cells: readonly (string | number)[]): string | undefined {
  if (cells.length > 0 && cells.every((cell) => isoDate.test(String(cell)))) return 'a date';
  if (dates.test(title)) return 'a date (of birth, perhaps)';
  const distinct = new Set(cells.map(String)).size;
  // A coded variable such as race_id repeats its few codes; what names a person does not.
  if (identifier.test(title) && distinct > cells.length / 2) return 'an identifier';
  const whole = cells.length >= 20 && cells.every((cell) => /^\d{4,}$/.test(String(cell)));
  if (whole && distinct === cells.length) {
    return 'an identifier (a whole number of its own for every patient)';
  }
  return undefined;
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
