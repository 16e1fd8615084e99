import type { Cohort } from '../cohort/cohort.ts';
import { stratifiedPartitions } from '../evaluation/partitions.ts';
import { Combat } from '../learning/combat/combat.ts';
import { harmoniseSchema } from '../learning/combat/harmonise-settings.ts';
import { type HeldOutRows, splitRows } from '../learning/rows.ts';
import { log } from '../runtime/elementary.ts';
import { NacreError } from '../runtime/errors.ts';
import { withDisplay } from '../runtime/jupyter-display.ts';
import { featureTable } from '../table/feature-table.ts';
import { mean } from '../table/mean.ts';
import { describedColumn } from './design-columns.ts';
import { namedPart } from './feature-sets.ts';

export interface SiteEffectsOptions {
  /** Number columns of the cohort, all above 0: their logarithms are compared. */
  columns: readonly string[];
  /** Endpoint by which the halves are stratified; its labels are used for nothing else. */
  endpoint: string;
  seed?: number | undefined;
}

/** How much of a column's variance the site explains. */
export interface SiteEffect {
  column: string;
  meaning: string;
  /** Share of variance between sites (η²), 0 to 1, on patients that nothing was fitted on. */
  before: number;
  /** The same after ComBat, which was fitted on the other half. */
  after: number;
}

/**
 * Site effects before and after ComBat, on held-out patients: half of the cohort trains the harmonisation, the other half is measured
 * as it is and harmonised. Patients who lack a value, a site or the outcome are left out.
 *
 * @throws NacreError `unknown-name`, `bad-option` (no group, a column that is no number above 0), and what `Combat` throws
 */
export function siteEffects(
  cohort: Cohort,
  { columns, endpoint, seed = 1 }: SiteEffectsOptions,
): SiteEffect[] {
  const site =
    cohort.group === undefined ? undefined : describedColumn(cohort, cohort.group, 'group');
  if (site?.type !== 'text') throw refused('no site', 'a manifest with a group column');
  const described = columns.map((name) => {
    const column = describedColumn(cohort, name, 'columns');
    if (column.type === 'number') return { name, column };
    throw refused(name, 'a number column');
  });
  const { labels } = namedPart(cohort.endpoints, endpoint, 'endpoint', cohort);
  const rows = cohort.patients.flatMap((_, row) =>
    labels[row] >= 0 &&
    site.values[row] !== undefined &&
    described.every(({ column }) => column.values[row] > 0)
      ? [row]
      : [],
  );
  const table = featureTable(
    rows.map((row) => cohort.patients[row]),
    described.map(({ name, column }) => ({
      name: `site.${name}`,
      block: 'site',
      values: Float64Array.from(rows, (row) => log(column.values[row])),
    })),
  );
  const outcome = Uint8Array.from(rows, (row) => labels[row]);
  const at = { sites: rows.map((row) => site.values[row]), covariates: [] };
  const [half] = stratifiedPartitions(outcome, { partitions: 2, testShare: 0.5, seed });
  const { train, test } = splitRows(table, outcome, half, { sites: at });
  const harmonised = new Combat(harmoniseSchema.parse('combat')).fit(train).transform(test);
  const effects = described.map(({ name, column }, c) => ({
    column: name,
    meaning: column.meaning,
    before: betweenSites(test, c),
    after: betweenSites(harmonised, c),
  }));
  return withDisplay(effects);
}

/** η²: sum of squares between sites over the total. */
function betweenSites({ columns, sites }: HeldOutRows, c: number): number {
  const { values } = columns[c];
  const bySite = new Map<string, number[]>();
  for (const [row, site = ''] of (sites?.sites ?? []).entries()) {
    bySite.set(site, [...(bySite.get(site) ?? []), values[row]]);
  }
  const grand = mean(values);
  let total = 0;
  for (const value of values) total += (value - grand) * (value - grand);
  let between = 0;
  for (const list of bySite.values()) {
    const gap = mean(list) - grand;
    between += list.length * gap * gap;
  }
  return between / total;
}

function refused(found: string, expected: string): NacreError {
  return new NacreError('bad-option', 'site effects need a site and numbers', { found, expected });
}
