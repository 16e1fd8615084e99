import { join } from 'node:path';
import type { Cohort } from '../../src/cohort/cohort.ts';
import { traitNames } from '../../src/cohort/phantom/latent-response.ts';
import { withFeatures } from '../../src/features/with-features.ts';
import { prepareCohort } from '../../src/study/prepare-cohort.ts';
import type { StudyResults } from '../../src/study/results.ts';
import { runStudy } from '../../src/study/run-study.ts';
import { type DrawnTables, drawTables } from './drawn-tables.ts';
import { knobs, patients, scanSeeds, scanStudy } from './settings.ts';

/** What the scans of one seed gave, with signal and without. */
export interface ScanCohort {
  seed: number;
  signal: StudyResults;
  /** Of the study's own seed alone. */
  null?: StudyResults | undefined;
  /** Patients left out, units of the extraction that failed. */
  failures: number;
  /** By extractor: the largest |Pearson r| of any of its columns with each trait. */
  seen: Record<string, number[]>;
}

/**
 * Extracts a cohort and takes it through the study with its outcomes; the first also with those of the null cohort of the
 * same seed, whose scans are the same bytes (test/cohort/phantom.test.ts holds it) and are not extracted again.
 */
export async function triedWithScans(seed: number, cache: string): Promise<ScanCohort> {
  const progress = (total: number, already: number) => {
    process.stdout.write(`seed ${seed}: ${already} of ${total} units are there\n`);
    return { tick() {}, stop() {} };
  };
  const prepared = await prepareCohort(scanStudy(seed, 1), { cache, workers: 2, progress });
  const { extracted } = prepared;
  if (extracted === undefined) throw new Error('studies/phantom.yaml extracts nothing');
  const studied = async (signal: number) => {
    const drawn = await drawTables(knobs(patients, seed, signal));
    if (signal === 1) requireSameTable(drawn.cohort, prepared.cohort);
    const { traits, clinical, noise } = drawn.cohort.blocks;
    const cohort = withFeatures(
      { ...drawn.cohort, blocks: { clinical, noise, traits } },
      extracted,
    );
    // In the cache: a bench that was stopped goes on with the units that are there.
    const out = join(cache, 'bench-phantom', `seed${seed}-signal${signal}`);
    const options = { out, workers: 2, extracted, overwrite: true };
    const { results } = await runStudy(scanStudy(seed, signal), cohort, options);
    process.stdout.write(`seed ${seed}, signal ${signal}: studied\n`);
    return { results, seen: seenTraits(drawn, cohort) };
  };
  const { results, seen } = await studied(1);
  const failures = extracted.failures.length;
  const nothing = seed === scanSeeds[0] ? (await studied(0)).results : undefined;
  return { seed, signal: results, null: nothing, failures, seen };
}

/** The patients drawn without scans are those of the phantom, or the bench would compare two cohorts. */
function requireSameTable(drawn: Cohort, written: Cohort): void {
  const contents = ({ blocks, patients: ids }: Cohort) =>
    JSON.stringify([ids, blocks.clinical.columns.map(({ name, values }) => [name, ...values])]);
  if (contents(drawn) !== contents(written))
    throw new Error('drawn-tables.ts draws other patients');
}

function seenTraits({ cohort: drawn }: DrawnTables, { blocks, patients: ids }: Cohort) {
  const rowOf = new Map(drawn.patients.map((patient, row) => [patient, row]));
  const seen: Record<string, number[]> = {};
  for (const [block, { columns }] of Object.entries(blocks)) {
    if (['clinical', 'noise', 'traits'].includes(block)) continue;
    seen[block] = traitNames.map((_, t) => {
      const { values } = drawn.blocks.traits.columns[t];
      const trait = ids.map((patient) => values[rowOf.get(patient) as number]);
      return Math.max(...columns.map((column) => Math.abs(correlation(column.values, trait))));
    });
  }
  return seen;
}

/** Pearson's r over the patients who have both; 0 where one does not vary. */
function correlation(x: ArrayLike<number>, y: ArrayLike<number>): number {
  let [n, sx, sy, sxx, syy, sxy] = [0, 0, 0, 0, 0, 0];
  for (let i = 0; i < x.length; i++) {
    if (Number.isNaN(x[i])) continue;
    n++;
    sx += x[i];
    sy += y[i];
    sxx += x[i] * x[i];
    syy += y[i] * y[i];
    sxy += x[i] * y[i];
  }
  const spread = Math.sqrt((n * sxx - sx * sx) * (n * syy - sy * sy));
  return spread > 0 ? (n * sxy - sx * sy) / spread : 0;
}
