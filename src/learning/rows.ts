import { NacreError } from '../runtime/errors.ts';
import type { FeatureColumn, FeatureTable } from '../table/feature-table.ts';
import { type Redraws, redrawsOfRows } from './redraws.ts';
import { type RowSites, sitesOfRows } from './row-sites.ts';
import { rowsBeside } from './stratified-folds.ts';

/** One split of a labelled table. Row numbers count from 0, ascend, and no row is on both sides. */
export interface Partition {
  index: number;
  seed: number;
  /** The group, fold or split that is held out, where the design names one. */
  name?: string | undefined;
  train: readonly number[];
  test: readonly number[];
}

let newTraining: (
  patients: readonly string[],
  columns: readonly FeatureColumn[],
  labels: Uint8Array,
  options: RowOptions,
) => TrainingRows;
let newHeldOut: (
  patients: readonly string[],
  columns: readonly FeatureColumn[],
  sites: RowSites | undefined,
) => HeldOutRows;

/**
 * The rows that may be learned from, with their labels. Only `splitRows` and `splitTraining` make them, from
 * copies: neither the object nor the buffers below its arrays hold a value of any other row. Whatever is fitted
 * in nacre asks for this type, and it is nominal: a `FeatureTable` or `HeldOutRows` in its place does not compile.
 */
export class TrainingRows {
  readonly #trained = true;
  readonly patients: readonly string[];
  /** The values of these rows, in the order of `patients`; NaN where missing, never infinite. */
  readonly columns: readonly FeatureColumn[];
  /** 0 or 1 a row. */
  readonly labels: Uint8Array;
  /** Sites of these rows, where they were handed in; harmonisation asks for them. */
  readonly sites: RowSites | undefined;
  /** These rows again under redrawn outlines, where they were handed in; the stability filter asks for them. */
  readonly redraws: Redraws | undefined;

  private constructor(
    patients: readonly string[],
    columns: readonly FeatureColumn[],
    labels: Uint8Array,
    { sites, redraws }: RowOptions,
  ) {
    this.patients = patients;
    this.columns = columns;
    this.labels = labels;
    this.sites = sites;
    this.redraws = redraws;
  }

  /** Whether these are training rows; an object of the same shape is not enough. */
  static is(rows: object): rows is TrainingRows {
    return #trained in rows;
  }

  static {
    newTraining = (patients, columns, labels, options) =>
      new TrainingRows(patients, columns, labels, options);
  }
}

/** Rows to predict, without labels: what predicts cannot see them. */
export class HeldOutRows {
  readonly #heldOut = true;
  readonly patients: readonly string[];
  /** The values of these rows, in the order of `patients`; NaN where missing, never infinite. */
  readonly columns: readonly FeatureColumn[];
  /** Sites of these rows, where they were handed in; harmonisation asks for them. */
  readonly sites: RowSites | undefined;

  private constructor(
    patients: readonly string[],
    columns: readonly FeatureColumn[],
    sites: RowSites | undefined,
  ) {
    this.patients = patients;
    this.columns = columns;
    this.sites = sites;
  }

  /** Whether these are held-out rows; an object of the same shape is not enough. */
  static is(rows: object): rows is HeldOutRows {
    return #heldOut in rows;
  }

  static {
    newHeldOut = (patients, columns, sites) => new HeldOutRows(patients, columns, sites);
  }
}

/** What goes with the rows of a table beside its columns. */
export interface RowOptions {
  /** Site and preserved covariates of each row of the table, for harmonisation. */
  sites?: RowSites | undefined;
  /** Each row again under redrawn outlines, for the stability filter; those of held-out rows go nowhere. */
  redraws?: Redraws | undefined;
}

/**
 * Splits a labelled table by a partition.
 *
 * @param table one row per patient
 * @param labels 0 or 1 a row of the table
 * @throws NacreError `bad-labels`, `bad-partition`, `infinite-value`, `one-class`, `table-shape`
 */
export function splitRows(
  table: FeatureTable,
  labels: Uint8Array,
  partition: Partition,
  { sites, redraws }: RowOptions = {},
): { train: TrainingRows; test: HeldOutRows; testLabels: Uint8Array } {
  checkLabels(table.patients, labels);
  checkPartition(partition, table.patients.length);
  checkFinite(table);
  const { train, test } = partition;
  return {
    train: trainingOf(table, labels, train, { sites, redraws }),
    test: newHeldOut(
      pick(table.patients, test),
      takeRows(table, test),
      sites && sitesOfRows(sites, test),
    ),
    testLabels: Uint8Array.from(test, (row) => labels[row]),
  };
}

/**
 * Splits training rows once more, for inner folds.
 *
 * @param heldOut row numbers within `rows`, ascending
 * @throws NacreError `bad-partition`, `one-class`
 */
export function splitTraining(
  rows: TrainingRows,
  heldOut: readonly number[],
): { train: TrainingRows; heldOut: HeldOutRows; heldOutLabels: Uint8Array } {
  const train = rowsBeside(heldOut, rows.patients.length);
  checkPartition({ index: 0, seed: 0, train, test: heldOut }, rows.patients.length);
  return {
    train: trainingOf(rows, rows.labels, train, rows),
    heldOut: newHeldOut(
      pick(rows.patients, heldOut),
      takeRows(rows, heldOut),
      rows.sites && sitesOfRows(rows.sites, heldOut),
    ),
    heldOutLabels: Uint8Array.from(heldOut, (row) => rows.labels[row]),
  };
}

/** Rows of new patients, for a fitted pipeline to predict. @throws NacreError `infinite-value` */
export function rowsToPredict(table: FeatureTable, { sites }: RowOptions = {}): HeldOutRows {
  checkFinite(table);
  const every = table.patients.map((_, row) => row);
  return newHeldOut(
    [...table.patients],
    takeRows(table, every),
    sites && sitesOfRows(sites, every),
  );
}

/** The same rows with other columns: what a fitted transformer gives. Each column is as long as the rows. */
export function withColumns<R extends TrainingRows | HeldOutRows>(
  rows: R,
  columns: readonly FeatureColumn[],
): R;
export function withColumns(
  rows: TrainingRows | HeldOutRows,
  columns: readonly FeatureColumn[],
): TrainingRows | HeldOutRows {
  for (const { name, values } of columns) {
    if (values.length !== rows.patients.length) {
      throw new NacreError('table-shape', 'column has another length than the rows', {
        column: name,
        found: `${values.length} values`,
        expected: `${rows.patients.length} rows`,
      });
    }
  }
  return TrainingRows.is(rows)
    ? newTraining(rows.patients, columns, rows.labels, { sites: rows.sites })
    : newHeldOut(rows.patients, columns, rows.sites);
}

/**
 * Training rows that came a group of columns at a time, side by side.
 *
 * @param groups at least one; the same patients with the same labels in each
 * @throws NacreError `table-shape`
 */
export function joinTrainingColumns(groups: readonly TrainingRows[]): TrainingRows {
  const [{ patients, labels }] = groups;
  for (const group of groups) {
    const same =
      group.patients.length === patients.length &&
      group.patients.every((patient, i) => patient === patients[i]) &&
      group.labels.every((label, i) => label === labels[i]);
    if (same) continue;
    throw new NacreError('table-shape', 'groups of columns belong to other training rows', {
      found: `${group.patients.length} rows`,
      expected: `the same ${patients.length} rows in each group`,
    });
  }
  return newTraining(
    patients,
    groups.flatMap(({ columns }) => columns),
    labels,
    { sites: groups[0].sites },
  );
}

/** The same rows with the columns of these names, in this order. @throws NacreError `missing-column` */
export function selectColumns<R extends TrainingRows | HeldOutRows>(
  rows: R,
  names: readonly string[],
): R {
  const columns = inOrder(rows.columns, names) ?? byName(rows.columns, names);
  return withColumns(rows, columns);
}

/** Refuses rows that lack one of these columns. @throws NacreError `missing-column` */
export function requireColumns(
  { columns }: TrainingRows | HeldOutRows,
  names: readonly string[],
): void {
  if (inOrder(columns, names) === undefined) byName(columns, names);
}

/** The named columns where the names come in the order of the columns, as a step leaves them; a table of names would cost more than the step. */
function inOrder(
  columns: readonly FeatureColumn[],
  names: readonly string[],
): FeatureColumn[] | undefined {
  const found: FeatureColumn[] = [];
  for (let at = 0; found.length < names.length; at++) {
    if (columns.length - at < names.length - found.length) return undefined;
    if (columns[at].name === names[found.length]) found.push(columns[at]);
  }
  return found;
}

function byName(columns: readonly FeatureColumn[], names: readonly string[]): FeatureColumn[] {
  const named = new Map(columns.map((column) => [column.name, column]));
  return names.map((name) => {
    const column = named.get(name);
    if (column !== undefined) return column;
    throw new NacreError('missing-column', 'the rows lack a column that was fitted', {
      column: name,
      found: `${columns.length} other columns`,
      todo: 'predict with the same feature sets that the pipeline was fitted on',
    });
  });
}

function trainingOf(
  from: Pick<FeatureTable, 'patients' | 'columns'>,
  labels: Uint8Array,
  rows: readonly number[],
  { sites, redraws }: RowOptions,
): TrainingRows {
  const picked = Uint8Array.from(rows, (row) => labels[row]);
  const positives = picked.reduce((sum, label) => sum + label, 0);
  if (positives === 0 || positives === picked.length) {
    throw new NacreError('one-class', 'all training rows have the same outcome', {
      found: `${positives} of class 1 among ${picked.length} rows`,
      expected: 'rows of both classes',
      todo: 'stratify the partition, or check the endpoint rule',
    });
  }
  return newTraining(pick(from.patients, rows), takeRows(from, rows), picked, {
    sites: sites && sitesOfRows(sites, rows),
    redraws: redraws && redrawsOfRows(redraws, from.patients.length, rows),
  });
}

/** Copies rows of every column into one new buffer, column after column. */
function takeRows(
  { columns }: Pick<FeatureTable, 'columns'>,
  rows: readonly number[],
): FeatureColumn[] {
  const n = rows.length;
  const order = Int32Array.from(rows);
  const all = new Float64Array(n * columns.length);
  return columns.map((column, c) => {
    const values = all.subarray(c * n, (c + 1) * n);
    const source = column.values;
    for (let i = 0; i < n; i++) values[i] = source[order[i]];
    return { ...column, values };
  });
}

function pick(patients: readonly string[], rows: readonly number[]): string[] {
  return rows.map((row) => patients[row]);
}

function checkLabels(patients: readonly string[], labels: Uint8Array): void {
  if (labels.length !== patients.length) {
    throw new NacreError('bad-labels', 'labels do not fit the table', {
      found: `${labels.length} labels`,
      expected: `${patients.length}, one per row`,
    });
  }
  const row = labels.findIndex((label) => label > 1);
  if (row >= 0) {
    throw new NacreError('bad-labels', 'a label is neither 0 nor 1', {
      patient: patients[row],
      row: row + 1,
      found: String(labels[row]),
      expected: '0 or 1',
    });
  }
}

function checkPartition({ train, test }: Partition, rows: number): void {
  const fault = (found: string) =>
    new NacreError('bad-partition', 'the partition does not fit the table', {
      found,
      expected: `ascending row numbers from 0 to ${rows - 1}, no row on both sides`,
    });
  const trained = new Set(train);
  for (const side of [train, test]) {
    let last = -1;
    for (const row of side) {
      if (!Number.isInteger(row) || row <= last || row >= rows) {
        throw fault(`row ${row} after row ${last}`);
      }
      last = row;
    }
  }
  const shared = test.find((row) => trained.has(row));
  if (shared !== undefined) throw fault(`row ${shared} on both sides`);
}

function checkFinite({ patients, columns }: FeatureTable): void {
  for (const { name, values } of columns) {
    for (let row = 0; row < values.length; row++) {
      if (values[row] - values[row] === 0 || Number.isNaN(values[row])) continue;
      throw new NacreError('infinite-value', 'a feature is infinite', {
        patient: patients[row],
        row: row + 1,
        column: name,
        found: String(values[row]),
        expected: 'a finite number, or nothing where missing',
        todo: 'fix the extraction or leave the column out',
      });
    }
  }
}
