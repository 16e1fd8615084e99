import type { FeatureTable } from '../table/feature-table.ts';

/** How two feature tables of the same study differ. */
export interface TableDifference {
  /** Names of the columns with another value, in the order of the first table. */
  columns: string[];
  /**
   * Largest difference of a value, as a share of the larger one of the two. Infinite where patients or columns differ, or
   * where a value is missing on one side only.
   */
  largest: number;
  /** True if rounding of the last bits explains all differences. */
  rounding: boolean;
}

/**
 * Differences up to this share come from rounding: another processor or version of Node may round an elementary function
 * differently in the last bit (2e-16), and sums carry that on. A change of code, settings or data moves values further.
 */
export const roundingShare = 1e-9;

/** Compares two tables value by value. */
export function compareTables(before: FeatureTable, after: FeatureTable): TableDifference {
  const names = (table: FeatureTable) => table.columns.map(({ name }) => name);
  const sameShape =
    sameList(before.patients, after.patients) && sameList(names(before), names(after));
  if (!sameShape) {
    return { columns: [], largest: Number.POSITIVE_INFINITY, rounding: false };
  }
  const columns: string[] = [];
  let largest = 0;
  before.columns.forEach(({ name, values }, c) => {
    let ofColumn = 0;
    for (let row = 0; row < values.length; row++) {
      ofColumn = Math.max(ofColumn, shareApart(values[row], after.columns[c].values[row]));
    }
    if (ofColumn > 0) columns.push(name);
    largest = Math.max(largest, ofColumn);
  });
  return { columns, largest, rounding: largest <= roundingShare };
}

function shareApart(a: number, b: number): number {
  if (Object.is(a, b) || a === b) return 0;
  const apart = Math.abs(a - b) / Math.max(Math.abs(a), Math.abs(b));
  return Number.isNaN(apart) ? Number.POSITIVE_INFINITY : apart;
}

function sameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((value, i) => value === b[i]);
}
