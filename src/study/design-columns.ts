import type { Cohort, CohortColumn } from '../cohort/cohort.ts';
import type { HarmoniseSettings } from '../learning/combat/harmonise-settings.ts';
import type { RowSites } from '../learning/row-sites.ts';
import { NacreError, unknownName } from '../runtime/errors.ts';

/**
 * Texts of a described column for the patients with a known label, in their order; undefined where missing.
 *
 * @param where the setting that names the column, for errors
 * @throws NacreError `unknown-name`, `bad-config` for a column of numbers
 */
export function textsOfColumn(
  cohort: Pick<Cohort, 'id' | 'columns'>,
  rows: readonly number[],
  name: string,
  where: string,
): (string | undefined)[] {
  const column = describedColumn(cohort, name, where);
  if (column.type === 'text') return rows.map((row) => column.values[row]);
  throw new NacreError('bad-config', 'a column of numbers names no groups', {
    column: where,
    found: `${name}, type number`,
    expected: 'a binary, category, text or id column',
    todo: 'describe it as a category in the manifest, or name another column',
  });
}

/** A described column of the cohort. @throws NacreError `unknown-name` */
export function describedColumn(
  cohort: Pick<Cohort, 'id' | 'columns'>,
  name: string,
  where: string,
): CohortColumn {
  const columns = cohort.columns ?? {};
  const column = Object.hasOwn(columns, name) ? columns[name] : undefined;
  if (column === undefined) {
    throw unknownName(
      `the cohort ${cohort.id} describes no column of that name`,
      name,
      Object.keys(columns),
      { column: where },
    );
  }
  return column;
}

/** Numbers of the patients whose label is known. */
export function labelledRows(labels: Int8Array): number[] {
  return Array.from(labels.keys()).filter((row) => labels[row] >= 0);
}

/** The column of the site that a harmonisation names, or the manifest's. @throws NacreError `bad-config` */
export function siteColumn(
  { by }: Pick<HarmoniseSettings, 'by'>,
  { group }: Pick<Cohort, 'group'>,
): string {
  const name = by ?? group;
  if (name !== undefined) return name;
  throw new NacreError('bad-config', 'harmonisation needs the column of the site', {
    column: 'pipeline.harmonise.by',
    found: 'none, and the manifest names no group',
    expected: 'the short name of a column: site, cohort, scanner',
    todo: 'add by to harmonise, or group to the manifest',
  });
}

/**
 * Site and covariates of some patients, for harmonisation.
 *
 * @throws NacreError `bad-config`, `unknown-name`, `leaking-predictor` for a covariate that was not measured at baseline
 */
export function rowSites(
  cohort: Pick<Cohort, 'id' | 'columns' | 'group'>,
  rows: readonly number[],
  harmonise: HarmoniseSettings,
): RowSites {
  const by = siteColumn(harmonise, cohort);
  return {
    sites: textsOfColumn(cohort, rows, by, 'pipeline.harmonise.by'),
    covariates: (harmonise.covariates ?? []).map((name) => {
      const column = describedColumn(cohort, name, 'pipeline.harmonise.covariates');
      if (column.measured !== 'baseline') {
        throw new NacreError(
          'leaking-predictor',
          `${name} cannot be a covariate of the harmonisation`,
          {
            column: 'pipeline.harmonise.covariates',
            found: `measured: ${column.measured}`,
            expected: 'measured: baseline',
            todo: 'leave it out; harmonise.outcome preserves the outcome, if you must',
          },
        );
      }
      return column.type === 'number'
        ? { name, type: 'number', values: Float64Array.from(rows, (row) => column.values[row]) }
        : { name, type: 'text', values: rows.map((row) => column.values[row]) };
    }),
  };
}
