import { medianOf } from '../imputer.ts';
import type { RowSites, SiteCovariate } from '../row-sites.ts';

/** How one covariate becomes columns of the design, learned from training rows. */
export type CovariateCoding =
  | { name: string; type: 'number' /** Median of training, for a missing value. */; fill: number }
  | {
      name: string;
      type: 'text';
      /** Sorted; the first is the reference and has no column. */
      levels: string[];
      /** The most frequent of training, for a missing value. */
      fill: string;
    };

/** Learns the coding of covariates from training rows. */
export function codingsOf(covariates: readonly SiteCovariate[]): CovariateCoding[] {
  return covariates.map((one) => {
    if (one.type === 'number') {
      const present = Float64Array.from(one.values.filter((value) => !Number.isNaN(value))).sort();
      const fill = present.length === 0 ? 0 : medianOf(present);
      return { name: one.name, type: 'number', fill };
    }
    const counts = new Map<string, number>();
    for (const value of one.values) {
      if (value !== undefined) counts.set(value, (counts.get(value) ?? 0) + 1);
    }
    const levels = [...counts.keys()].sort();
    const most = Math.max(0, ...counts.values());
    const fill = levels.find((level) => counts.get(level) === most) ?? '';
    return { name: one.name, type: 'text', levels, fill };
  });
}

/**
 * Columns of the design by the codings: a number as it is, a text as an indicator per level but the first. A level that training
 * did not see counts as the reference.
 *
 * @param rows with the covariates of the codings, in any order
 */
export function designColumns(
  codings: readonly CovariateCoding[],
  rows: Pick<RowSites, 'covariates'>,
): Float64Array[] {
  return codings.flatMap((coding) => {
    const found = rows.covariates.find(({ name }) => name === coding.name);
    if (found === undefined) throw new Error(`rows without the covariate ${coding.name}`);
    if (coding.type === 'number') {
      const values = found.values as Float64Array;
      return [Float64Array.from(values, (value) => (Number.isNaN(value) ? coding.fill : value))];
    }
    const values = found.values as readonly (string | undefined)[];
    return coding.levels
      .slice(1)
      .map((level) =>
        Float64Array.from(values, (value) => ((value ?? coding.fill) === level ? 1 : 0)),
      );
  });
}
