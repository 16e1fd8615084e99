import { classNames, featureNames } from '../radiomics/feature-classes.ts';
import type { Cell, RawTable } from '../table/raw-table.ts';

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
/** What pandas, readr and polars call a column that had no name: the row names of another table, most often. */
const namelessForms = /^(?:|unnamed: ?\d+(?:_level_\d+)?|\.\.\.\d+|__index_level_\d+__)$/i;
/** Words of measured quantities, which may be whole numbers of many digits. */
const quantity =
  /vol|count|num|size|area|energy|sum|voxel|pixel|var|contrast|hist|max|min|range|intens/i;

/** A decimal number, such as 0.5 or 1e-3; 7.0 is none. */
const fraction = /^[+-]?\d*\.\d*[1-9]\d*(e[+-]?\d+)?$|^[+-]?\d+\.?\d*e-\d+$/i;

/** Characters of a cell that are looked at. */
const longest = 100;

/** Fewest rows on which an order or a set of whole numbers says something. */
const fewestRows = 5;
/** Fewest rows for a set that is complete but not in order, or in order but not complete. */
const fewestMixedRows = 10;
/** Fewest rows for a set that is neither in order nor complete. */
const fewestShuffledRows = 20;

/** True where texts of a column of ids look like names of people. */
export function looksLikePeople(cells: readonly Cell[]): boolean {
  return allMatch(cells.filter((cell) => cell !== null).map(String), personForms);
}

/**
 * What a column seems to be that no model should see: `an identifier`, `a date`, `a row number`, `a column without a name`;
 * undefined for all others. Names of PyRadiomics' and IBSI's features (`original_glcm_Id`) are no identifiers.
 *
 * @param ids patient of each row, where known
 */
export function suspicion(
  title: string,
  column: readonly Cell[],
  ids?: readonly string[] | undefined,
): string | undefined {
  if (namelessForms.test(title.trim())) {
    return 'a column without a name (row names of another table, most often)';
  }
  const cells = column.filter((cell) => cell !== null);
  // Spreadsheets and pandas write the whole number 7 as 7.0.
  const texts = cells.map((cell) =>
    String(cell)
      .slice(0, longest)
      .replace(/^(\d+)\.0+$/, '$1'),
  );
  if (ids !== undefined && repeatsIds(column, ids))
    return 'an identifier (it repeats the patient id)';
  if (isFeatureName(title)) return undefined;
  const order = rowNumber(column);
  if (order !== undefined) return order;
  if (allMatch(texts, dateForms)) return 'a date';
  // PatientName and BirthDate as patient_name and birth_date.
  const words = title.replace(/(\p{Ll})(\p{Lu})/gu, '$1_$2');
  const distinct = new Set(texts).size;
  // A measured value has decimals; what names a person or a day has none.
  const fractional = texts.some((text) => fraction.test(text));
  if (fractional) return undefined;
  if (dates.test(words)) return 'a date (of birth, perhaps)';
  // Categories such as "Luminal A" may look like names; they repeat.
  if (allMatch(texts, personForms) && distinct > cells.length / 2)
    return 'names or addresses of people';
  // A coded variable such as race_id repeats its few codes; what names a person does not.
  if (identifier.test(words) && distinct > cells.length / 2) return 'an identifier';
  const whole = cells.length >= 20 && texts.every((text) => /^\d{4,}$/.test(text));
  if (whole && distinct === cells.length && !quantity.test(title)) {
    return 'an identifier (a whole number of its own for every patient)';
  }
  return undefined;
}

/** True where one of the first cells is a decimal number: wide tables have thousands of such columns, all beyond suspicion. */
function looksMeasured({ rows }: RawTable, at: number): boolean {
  const looked = Math.min(rows.length, 32);
  for (let row = 0; row < looked; row++) {
    const cell = rows[row][at];
    if (
      typeof cell === 'string'
        ? fraction.test(cell.slice(0, longest))
        : cell !== null && !Number.isInteger(cell)
    ) {
      return true;
    }
  }
  return false;
}

/** Columns of a table that are suspicious, by number, with what each seems to be. */
export function suspectColumns(
  table: RawTable,
  { left, ids }: { left: ReadonlySet<number>; ids?: readonly string[] | undefined },
): Map<number, string> {
  const found = new Map<number, string>();
  for (let at = 0; at < table.header.length; at++) {
    if (left.has(at)) continue;
    const title = table.header[at];
    if (!namelessForms.test(title.trim()) && looksMeasured(table, at)) continue;
    const what = suspicion(
      title,
      table.rows.map((row) => row[at]),
      ids,
    );
    if (what !== undefined) found.set(at, what);
  }
  // Features that were ranked before are all permutations of 1 to n; one row number is enough for a table.
  const permuted = [...found].filter(([, what]) => what === shuffledRows || what === shuffledSome);
  if (permuted.length > 2) for (const [at] of permuted) found.delete(at);
  return found;
}

const shuffledSome = 'a row number (whole numbers up to three times the rows, each once)';
const shuffledRows =
  'a row number (1 to n, each once: the order of the rows before they were sorted)';

/**
 * A row number: 0 to n - 1 or 1 to n, in the order of the rows, backwards, or in another order (of a table that was sorted
 * after it was numbered); also whole numbers that only rise, with gaps where rows were taken out.
 */
function rowNumber(column: readonly Cell[]): string | undefined {
  const n = column.length;
  if (n < fewestRows) return undefined;
  const values = new Float64Array(n);
  for (let row = 0; row < n; row++) {
    const cell = column[row];
    if (cell === null || cell === '') return undefined;
    const value = Number(cell);
    if (!Number.isInteger(value)) return undefined;
    values[row] = value;
  }
  let [up, down] = [true, true];
  for (let row = 1; row < n; row++) {
    if (!(values[row] > values[row - 1])) up = false;
    if (!(values[row] < values[row - 1])) down = false;
  }
  const sorted = values.slice().sort();
  const complete =
    (sorted[0] === 0 || sorted[0] === 1) && sorted.every((value, i) => value === sorted[0] + i);
  if (complete && (up || down))
    return `a row number (${sorted[0]} to ${sorted[n - 1]} in the order of the rows)`;
  if (n < fewestMixedRows) return undefined;
  if (complete) return shuffledRows;
  // The index of a larger table of which some rows were taken.
  const gaps = sorted[0] >= 0 && sorted[0] <= 3 && sorted[n - 1] <= 3 * n + 10;
  if (gaps && up) return 'a row number (whole numbers that rise from row to row)';
  const distinct = sorted.every((value, i) => i === 0 || value > sorted[i - 1]);
  return gaps && distinct && n >= fewestShuffledRows ? shuffledSome : undefined;
}

/** The patient's id, or the number in it, in every row. */
function repeatsIds(column: readonly Cell[], ids: readonly string[]): boolean {
  if (column.length < fewestRows) return false;
  return column.every((cell, row) => {
    if (cell === null) return false;
    const text = String(cell);
    if (text === ids[row]) return true;
    const digits = /(\d+)\D*$/.exec(ids[row])?.[1];
    return digits !== undefined && /^\d+$/.test(text) && Number(text) === Number(digits);
  });
}

let known: ReadonlySet<string> | undefined;

/** `original_glcm_Id`, `wavelet-LLH_glcm_Idmn`: a class and a feature of it at the end of the title. */
export function isFeatureName(title: string): boolean {
  known ??= new Set(
    classNames().flatMap((name) =>
      (featureNames(name)?.all ?? []).map((feature) => `${name}_${feature}`.toLowerCase()),
    ),
  );
  const words = title.toLowerCase().split(/[_.]/);
  return words.length > 1 && known.has(words.slice(-2).join('_'));
}

function allMatch(texts: readonly string[], forms: readonly RegExp[]): boolean {
  return texts.length > 0 && texts.every((text) => forms.some((form) => form.test(text)));
}
