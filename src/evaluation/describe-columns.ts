import type { FeatureColumn } from '../table/feature-table.ts';
import { quantile } from '../table/quantile.ts';
import { benjaminiHochberg } from './benjamini-hochberg.ts';
import { mannWhitney } from './mann-whitney.ts';

/** Values of one group of patients. */
export interface GroupSummary {
  /** Patients with a value. */
  known: number;
  missing: number;
  /** Quartiles by linear interpolation; absent for a column of zeros and ones. */
  quartiles?: [number, number, number] | undefined;
  /** Patients with the value 1; only for a column of zeros and ones. */
  ones?: number | undefined;
}

/** A row of Table 1: one column, in all patients and in each class. Nothing here takes part in a model. */
export interface DescribedColumn {
  name: string;
  block: string;
  all: GroupSummary;
  /** Class 1, class 0. */
  byClass: [GroupSummary, GroupSummary];
  /** Two-sided rank-sum test between the classes; null where there is none. */
  p: number | null;
}

/** One column against the classes, alone. */
export interface UnivariateRow {
  name: string;
  block: string;
  /** Area under the ROC curve of the column itself; below 0.5 where lower values go with class 1. */
  auc: number;
  p: number | null;
  /** Benjamini and Hochberg's over all columns tested. */
  q: number | null;
}

/** What there is to say of an endpoint's patients before any model, on all labelled patients. */
export interface EndpointDescription {
  /** Columns of blocks without image regions, at most `tableOneColumns` per block. */
  tableOne: DescribedColumn[];
  missing: MissingValues[];
  univariate: {
    /** Columns tested. */
    tests: number;
    /** Columns with q of at most 0.05. */
    discoveries: number;
    /** The columns of smallest p. */
    top: UnivariateRow[];
  };
}

/** Missing values of one block. */
export interface MissingValues {
  block: string;
  columns: number;
  /** Columns that lack a value of some patient. */
  incomplete: number;
  /** Those that lack most: patients without a value in class 1 and class 0; columns of one scan that lack as many are one row. */
  worst: { name: string; positives: number; negatives: number }[];
}

/** Blocks of more columns are features rather than a description of patients. */
export const tableOneColumns = 60;

/** Rows kept of the univariate table, and columns per block of the missing values. */
const kept = 20;

/**
 * Describes the columns of an endpoint: Table 1, missing values, univariate tests.
 *
 * @param columns candidates, each name once, one value per patient; NaN where missing
 * @param labels 0 or 1 per patient
 */
export function describeColumns(
  columns: readonly FeatureColumn[],
  labels: ArrayLike<number>,
): EndpointDescription {
  const tested = columns.map((column) => ({ column, ...mannWhitney(column.values, labels) }));
  const q = benjaminiHochberg(tested.map(({ p }) => p));
  const univariate = tested.map(({ column, auc, p }, i) => ({
    name: column.name,
    block: column.block,
    auc,
    p,
    q: q[i],
  }));
  const blocks = [...new Set(columns.map(({ block }) => block))];
  const ofBlock = (block: string) => columns.filter((column) => column.block === block);
  return {
    tableOne: blocks.flatMap((block) => {
      const blockColumns = ofBlock(block);
      if (
        blockColumns.length > tableOneColumns ||
        blockColumns.some(({ region }) => region !== undefined)
      )
        return [];
      return blockColumns.map((column) => ({
        name: column.name,
        block,
        all: summaryOf(column.values, labels, undefined),
        byClass: [summaryOf(column.values, labels, 1), summaryOf(column.values, labels, 0)],
        p: tested.find((one) => one.column === column)?.p ?? null,
      }));
    }),
    missing: blocks.map((block) => missingOf(block, ofBlock(block), labels)),
    univariate: {
      tests: q.filter((value) => value !== null).length,
      discoveries: q.filter((value) => value !== null && value <= 0.05).length,
      top: univariate
        .filter(({ p }) => p !== null)
        .sort((a, b) => (a.p as number) - (b.p as number) || (a.name < b.name ? -1 : 1))
        .slice(0, kept),
    },
  };
}

function summaryOf(
  values: Float64Array,
  labels: ArrayLike<number>,
  label: number | undefined,
): GroupSummary {
  const chosen = values.filter((_, row) => label === undefined || labels[row] === label);
  const known = chosen.filter((value) => !Number.isNaN(value)).sort();
  const counts = { known: known.length, missing: chosen.length - known.length };
  // Over all patients, so that the groups of one column are summarised alike.
  if (values.every((value) => Number.isNaN(value) || value === 0 || value === 1)) {
    return { ...counts, ones: known.filter((value) => value === 1).length };
  }
  if (known.length === 0) return counts;
  return {
    ...counts,
    quartiles: [quantile(known, 0.25), quantile(known, 0.5), quantile(known, 0.75)],
  };
}

function missingOf(
  block: string,
  columns: readonly FeatureColumn[],
  labels: ArrayLike<number>,
): MissingValues {
  const rows = columns.map(({ name, modality, values }) => {
    const lacking = [0, 0];
    values.forEach((value, row) => {
      if (Number.isNaN(value)) lacking[labels[row]]++;
    });
    return { name, modality, positives: lacking[1], negatives: lacking[0] };
  });
  const incomplete = rows.filter(({ positives, negatives }) => positives + negatives > 0);
  // A patient without a scan lacks all its features: they are one row.
  const groups = new Map<string, { name: string; members: typeof incomplete }>();
  for (const row of incomplete) {
    const { name, modality, positives, negatives } = row;
    const key = modality === undefined ? name : `${modality} ${positives} ${negatives}`;
    const group = groups.get(key) ?? { name: modality ?? name, members: [] };
    group.members.push(row);
    groups.set(key, group);
  }
  const grouped = [...groups.values()].map(({ name, members }) => ({
    name: members.length === 1 ? members[0].name : `${name}: ${members.length} columns`,
    positives: members[0].positives,
    negatives: members[0].negatives,
  }));
  return {
    block,
    columns: columns.length,
    incomplete: incomplete.length,
    worst: grouped
      .sort(
        (a, b) =>
          b.positives + b.negatives - a.positives - a.negatives || (a.name < b.name ? -1 : 1),
      )
      .slice(0, kept),
  };
}
