/** A variable that harmonisation preserves, one value per row. */
export type SiteCovariate =
  | { name: string; type: 'number' /** NaN where missing. */; values: Float64Array }
  | {
      name: string;
      type: 'text' /** Undefined where missing. */;
      values: readonly (string | undefined)[];
    };

/** What harmonisation knows of each row beside its features: where it was measured, and what must be preserved. */
export interface RowSites {
  /** Site, cohort or scanner of each row; undefined where missing. */
  sites: readonly (string | undefined)[];
  covariates: readonly SiteCovariate[];
}

/** The sites of some rows, in the order asked for; copies, so that no other row is reachable. */
export function sitesOfRows({ sites, covariates }: RowSites, rows: readonly number[]): RowSites {
  return {
    sites: rows.map((row) => sites[row]),
    covariates: covariates.map((one) =>
      one.type === 'number'
        ? { ...one, values: Float64Array.from(rows, (row) => one.values[row]) }
        : { ...one, values: rows.map((row) => one.values[row]) },
    ),
  };
}
