import { classNames, featureNames } from '../radiomics/feature-classes.ts';
import type { Cell, RawTable } from '../table/raw-table.ts';

const identifier =
  /(^|[\s_.-])(id|pid|uid|uuid|mrn|ssn|nhs|accession|barcode|surname|forename|name|phone|postcode|zip)($|[\s_.-])/i;
/** `patient_no`, `Fallnummer`, `subject`, `row.names`: what is counted is a person, a file or a row. */
const numbered =
  /(?:^|[\s_.-])(?:pat|patient|patienten|subject|subj|case|fall|participant|proband|sample|specimen|study|scan|exam|record|row|line|obs|observation|entry|sequence|seq|serial)[\s_.-]*(?:no|nr|num|number|nummer|code|key|index|idx|names?|label|#)?$|^(?:index|idx|level[\s_.-]?\d+|no|nr|number|#)$/i;
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
/** Names that pandas, readr and polars give to columns without a name: most often row names of another table. */
const namelessForms = /^(?:|unnamed: ?\d+(?:_level_\d+)?|\.\.\.\d+|__index_level_\d+__)$/i;
/** Words of measured quantities, which may be whole numbers of many digits. */
const quantity =
  /vol|count|num|size|area|energy|sum|voxel|pixel|var|contrast|hist|max|min|range|intens/i;
/** Titles of what is measured in steps: of those only a count from the first row on is a row number. */
const stepped =
  /(^|[\s_.-])(age|alter|dose|time|days?|weeks?|months?|years?|weight|height|bmi)($|[\s_.-])/i;

/** A decimal number, such as 0.5 or 1e-3; 7.0 is none. */
const fraction = /^[+-]?\d*\.\d*[1-9]\d*(e[+-]?\d+)?$|^[+-]?\d+\.?\d*e-\d+$/i;

/** Characters of a cell that are looked at. */
const longest = 100;

/** Fewest rows for an order or a set of whole numbers to count as evidence. */
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
 * Kind of a column that no model should use: `an identifier`, `a date`, `a row number`, `a column without a name`;
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
  const order = rowNumber(column, quantity.test(title) || stepped.test(title));
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
  if ((identifier.test(words) || numbered.test(words)) && distinct > cells.length / 2) {
    return 'an identifier';
  }
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

/** True where every row adds the same to the row before: 0.5, 1.0, 1.5. Most columns are left at the third row. */
function inEqualSteps({ rows }: RawTable, at: number): boolean {
  if (rows.length < fewestMixedRows) return false;
  const value = (row: number) => numberIn(rows[row][at]);
  return equalSteps(value, rows.length);
}

function numberIn(cell: Cell): number {
  return cell === null || cell === '' ? Number.NaN : Number(cell);
}

function equalSteps(value: (row: number) => number, n: number): boolean {
  const first = value(0);
  const step = value(1) - first;
  if (!Number.isFinite(step) || step === 0) return false;
  // A share of the step, and the rounding of large numbers.
  const tolerance = 1e-6 * Math.abs(step);
  for (let row = 2; row < n; row++) {
    if (!(Math.abs(value(row) - first - row * step) <= tolerance)) return false;
  }
  return true;
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
    if (!namelessForms.test(title.trim()) && looksMeasured(table, at) && !inEqualSteps(table, at)) {
      continue;
    }
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
  'a row number (consecutive or in equal steps, each once: the order of the rows before they were sorted)';

/**
 * A row number: consecutive numbers from 0, 1 or any other start, or in equal steps, in the order of the rows, backwards, or in
 * another order (of a table that was sorted after it was numbered); also whole numbers that only rise or fall, with gaps where
 * rows were taken out.
 *
 * @param isQuantity the title names a quantity: then from 0 to 3 only
 */
function rowNumber(column: readonly Cell[], isQuantity: boolean): string | undefined {
  const n = column.length;
  if (n < fewestRows) return undefined;
  const values = Float64Array.from(column, numberIn);
  if (values.some((value) => !Number.isFinite(value))) return undefined;
  const sorted = values.slice().sort();
  const [low, high] = [sorted[0], sorted[n - 1]];
  const steady = equalSteps((row) => sorted[row], n);
  const fromStart = steady && (low === 0 || low === 1) && sorted[1] === low + 1;
  if (!fromStart && n < fewestMixedRows) return undefined;
  const whole = values.every(Number.isInteger);
  const started = low >= 0 && low <= 3 && high <= 3 * n + 10;
  if (isQuantity && !(whole && started)) return undefined;
  const [up, down] = [isRising(values), isRising(values.slice().reverse())];
  if (steady && (up || down)) {
    return `a row number (${values[0]} to ${values[n - 1]} in the order of the rows)`;
  }
  if (n < fewestMixedRows || !whole) return undefined;
  if (steady) return shuffledRows;
  // The index of a larger table of which some rows were taken.
  const dense = low >= 0 && high - low <= 3 * n + 10;
  if (dense && (up || down) && (started || n >= fewestShuffledRows)) {
    return `a row number (whole numbers that ${up ? 'rise' : 'fall'} from row to row)`;
  }
  const shuffled = started && isRising(sorted);
  return shuffled && n >= fewestShuffledRows ? shuffledSome : undefined;
}

function isRising(values: Float64Array): boolean {
  return values.every((value, row) => row === 0 || value > values[row - 1]);
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
