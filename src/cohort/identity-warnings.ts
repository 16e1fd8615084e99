import type { RawTable } from '../table/raw-table.ts';
import type { Manifest } from './manifest.ts';

const identifier =
  /(^|[\s_.-])(id|mrn|ssn|nhs|accession|surname|forename|name|phone|postcode|zip)($|[\s_.-])/i;
const dates = /(^|[\s_.-])(dob|date|dt)($|[\s_.-])|birth/i;
/** 1961-02-03, 3.2.1961 and 02/03/61, and DICOM's 19610203. */
const dateForms = [
  /^\d{4}-\d{2}-\d{2}/,
  /^\d{1,2}[./-]\d{1,2}[./-](?:\d{2}|\d{4})$/,
  /^(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])$/,
];
/** DICOM's DOE^JANE; Doe, Jane; an address of mail. */
const personForms = [
  /^\p{L}[\p{L}' -]*\^\p{L}/u,
  /^\p{Lu}[\p{L}'-]+,? \p{Lu}[\p{L}'-]+$/u,
  /^\S+@\S+\.\S+$/,
];

/**
 * Warnings about columns that may identify a person, or that would enter a model as one: a title such as `MRN` or
 * `PatientName`, dates or names of people as values, or whole numbers that are different for every patient.
 * The patient column itself is known to be an id; it is named where its ids are names.
 */
export function identityWarnings(
  table: RawTable,
  { patient, ignored }: { patient: string; ignored: ReadonlySet<string> },
): string[] {
  const warnings: string[] = [];
  table.header.forEach((title, at) => {
    const cells = table.rows.map((row) => row[at]).filter((cell) => cell !== null);
    if (title === patient) {
      if (!allOf(cells.map(String), personForms)) return;
      warnings.push(
        `${table.file}: the patient ids in ${title} look like names: use pseudonyms (--pseudonym-key)`,
      );
      return;
    }
    const looks = whatItLooksLike(title, cells as (string | number)[]);
    if (looks === undefined) return;
    const use = ignored.has(title) ? 'not used' : 'used: take it out';
    warnings.push(`${table.file}: column ${title} looks like ${looks} (${use})`);
  });
  return warnings;
}

function whatItLooksLike(title: string, cells: readonly (string | number)[]): string | undefined {
  const texts = cells.map(String);
  if (allOf(texts, dateForms)) return 'a date';
  // PatientName and BirthDate as patient_name and birth_date.
  const words = title.replace(/(\p{Ll})(\p{Lu})/gu, '$1_$2');
  if (dates.test(words)) return 'a date (of birth, perhaps)';
  const distinct = new Set(texts).size;
  // Categories such as "Luminal A" may look like names; they repeat.
  if (allOf(texts, personForms) && distinct > cells.length / 2)
    return 'names or addresses of people';
  // A coded variable such as race_id repeats its few codes; what names a person does not.
  if (identifier.test(words) && distinct > cells.length / 2) return 'an identifier';
  const whole = cells.length >= 20 && cells.every((cell) => /^\d{4,}$/.test(String(cell)));
  if (whole && distinct === cells.length) {
    return 'an identifier (a whole number of its own for every patient)';
  }
  return undefined;
}

function allOf(texts: readonly string[], forms: readonly RegExp[]): boolean {
  return texts.length > 0 && texts.every((text) => forms.some((form) => form.test(text)));
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
