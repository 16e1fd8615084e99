import type { HarmoniseSettings } from '../learning/combat/harmonise-settings.ts';
import type { RowSites } from '../learning/row-sites.ts';
import type { Partition } from '../learning/rows.ts';
import type { NoteAssumption } from '../runtime/assumptions.ts';
import { NacreError } from '../runtime/errors.ts';

/** Fewest training rows from which a site's location and scale can be learned. */
const fewestOfSite = 2;

/**
 * Looks over the sites of every partition before anything is fitted: small ones are named, and rows whose site is not learned are
 * refused or listed, as the settings ask.
 *
 * @param patients ids of the rows
 * @throws NacreError `unknown-site` with `unknownSite: refuse`
 */
export function noteSites(
  endpoint: string,
  patients: readonly string[],
  { sites }: RowSites,
  partitions: readonly Partition[],
  { unknownSite, smallSite, outcome, covariates = [] }: HarmoniseSettings,
  note: NoteAssumption,
): void {
  const counts = partitions.map(({ train }) => {
    const count = new Map<string, number>();
    for (const row of train) {
      const site = sites[row];
      if (site !== undefined) count.set(site, (count.get(site) ?? 0) + 1);
    }
    return count;
  });
  const names = [...new Set(sites.flatMap((site) => site ?? []))].sort();
  for (const name of names) {
    const seen = counts.map((count) => count.get(name) ?? 0).filter((n) => n >= fewestOfSite);
    const [least, most] = [Math.min(...seen), Math.max(...seen)];
    if (seen.length === 0 || least >= smallSite) continue;
    note({
      kind: 'small-site',
      level: 'warning',
      found: `${endpoint}: site ${name} with ${least === most ? least : `${least} to ${most}`} training rows`,
      taken:
        'harmonised; its location and scale are mostly those of the other features of the site',
      why: `fewer than ${smallSite} rows (harmonise.smallSite) say little of a site; join small sites in a column of their own`,
    });
  }
  const passed = new Map<string, { partitions: number; rows: Set<number> }>();
  partitions.forEach(({ train, test }, p) => {
    const here = new Map<string, number[]>();
    for (const row of [...train, ...test]) {
      const site = sites[row];
      if (site !== undefined && (counts[p].get(site) ?? 0) >= fewestOfSite) continue;
      const key = site ?? '';
      here.set(key, [...(here.get(key) ?? []), row]);
      if (unknownSite === 'pass') continue;
      throw new NacreError('unknown-site', 'harmonisation would not know the site of a patient', {
        patient: patients[row],
        column: 'pipeline.harmonise',
        found: `${site ?? 'no site'}, with ${site === undefined ? 0 : (counts[p].get(site) ?? 0)} training rows in partition ${p} of ${endpoint}`,
        expected: `${fewestOfSite} training rows of the site or more`,
        todo: 'set harmonise.unknownSite: pass to leave such rows as they are (they are listed)',
      });
    }
    for (const [key, rows] of here) {
      const known = passed.get(key) ?? { partitions: 0, rows: new Set() };
      known.partitions++;
      for (const row of rows) known.rows.add(row);
      passed.set(key, known);
    }
  });
  for (const [site, { partitions: count, rows }] of passed) {
    const ids = [...rows].map((row) => patients[row]);
    for (const patient of site === '' ? ids : [undefined]) {
      note({
        kind: 'not-harmonised',
        level: 'warning',
        patient,
        found:
          site === ''
            ? `${endpoint}: no site`
            : `${endpoint}: ${ids.length} patients of site ${site}, which ${count} of ${partitions.length} partitions cannot learn`,
        taken: 'passed as they are, beside harmonised rows',
        why: 'harmonise.unknownSite: pass',
      });
    }
  }
  if (outcome) note({ kind: 'harmonised-with-outcome', level: 'warning', ...outcomeWarning });
  if (covariates.length === 0) return;
  note({
    kind: 'harmonised-with-covariates',
    found: covariates.join(', '),
    taken: 'their effect on the features is preserved, as far as the sites allow',
    why: 'harmonise.covariates of the study',
  });
}

/** What must stand beside numbers where the outcome took part in the harmonisation. */
export const outcomeWarning = {
  found: 'harmonise.outcome: true',
  taken:
    'the effect of the outcome was preserved on training rows; held-out rows got its training mean',
  why: 'training and test features are no longer made alike, and a permuted-label audit fits its own labels into the features: leave it out unless you know why',
};
