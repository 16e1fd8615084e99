import type { FittedPipeline } from '../learning/pipeline.ts';
import type { HeldOutRows } from '../learning/rows.ts';

/** What moved the predictions of the test rows of one partition. Plain data. */
export interface Explanation {
  /** Final features, in the order of the classifier's columns. */
  features: string[];
  /** Log-odds before a row is known. */
  base: number;
  /** Values as they came, before imputing and scaling: `values[row * features + feature]`; null where missing. */
  values: (number | null)[];
  /** What each feature moves the log-odds of each row by, in the same order; with `base` they add up to the log-odds. */
  contributions: number[];
}

/** Explains the predictions of held-out rows: Shapley values of trees, terms of a straight line. */
export function explain(fitted: FittedPipeline, rows: HeldOutRows): Explanation {
  const { base, contributions } = fitted.contributions(rows);
  const features = [...fitted.columns];
  const columns = features.map((name) => rows.columns.find((column) => column.name === name));
  const values = rows.patients.flatMap((_, row) =>
    columns.map((column) => {
      const value = column?.values[row] ?? Number.NaN;
      return Number.isNaN(value) ? null : value;
    }),
  );
  return { features, base, values, contributions: Array.from(contributions) };
}
