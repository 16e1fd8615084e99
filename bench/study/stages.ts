import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import type { BuiltInExtractor } from '../../src/features/extraction.ts';
import { extractorsOf } from '../../src/features/extractor-choice.ts';
import { moduleOf } from '../module-of.ts';
import { peakMemory } from '../peak-memory.ts';
import { type Extent, study } from './study.ts';

/** One stage of one study. */
export interface Stage {
  stage: string;
  /** Units of work: patients drawn, networks, extraction units, partitions fitted, pages. */
  units: number;
  seconds: number;
  /** Of all threads. */
  cpuSeconds: number;
  /** Seconds in which the main thread was at work itself. */
  mainSeconds: number;
  /** VmHWM of the process when the stage ended, MB. */
  peakMB: number;
}

/**
 * A process of its own, so that its peak memory is its own: the whole study stage by stage, printed as JSON. With one worker
 * also each extractor alone on a few patients, as stages `of extraction: <name>`.
 *
 * Arguments: patients, workers, folder that holds everything, folder of the compiled nacre, extent of the study.
 */
const [patients, workers] = process.argv.slice(2, 4).map(Number);
const [folder, dist, extent] = process.argv.slice(4);
/** Patients of whom each extractor is timed alone. */
const few = 12;
const stages: Stage[] = [];

/** A module as it is installed: no TypeScript loader in the times, in no thread. */
const from = (name: string) => moduleOf(dist, name);
const { loadCohort } = (await from(
  'cohort/load-cohort',
)) as typeof import('../../src/cohort/load-cohort.ts');
const { writePhantom } = (await from(
  'cohort/phantom/write-phantom',
)) as typeof import('../../src/cohort/phantom/write-phantom.ts');
const { extractCohort } = (await from(
  'features/extract-cohort',
)) as typeof import('../../src/features/extract-cohort.ts');
const { extraction: completed } = (await from(
  'features/extraction',
)) as typeof import('../../src/features/extraction.ts');
const { extractionNetworks } = (await from(
  'features/extraction-networks',
)) as typeof import('../../src/features/extraction-networks.ts');
const { withFeatures } = (await from(
  'features/with-features',
)) as typeof import('../../src/features/with-features.ts');
const { writeReport } = (await from(
  'report/write-report',
)) as typeof import('../../src/report/write-report.ts');
const { parseStudyConfig } = (await from(
  'study/config',
)) as typeof import('../../src/study/config.ts');
const { runStudy } = (await from(
  'study/run-study',
)) as typeof import('../../src/study/run-study.ts');

async function stage<T>(name: string, units: (result: T) => number, work: () => Promise<T>) {
  const cpu = process.cpuUsage();
  const loop = performance.eventLoopUtilization();
  const began = performance.now();
  const result = await work();
  const seconds = (performance.now() - began) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  const { active } = performance.eventLoopUtilization(loop);
  stages.push({
    stage: name,
    units: units(result),
    seconds,
    cpuSeconds: (user + system) / 1e6,
    mainSeconds: Math.min(seconds, active / 1000),
    peakMB: peakMemory(),
  });
  return result;
}

const config = parseStudyConfig(study(patients, extent as Extent), 'bench/study/study.ts');
const plan = completed(config.extraction as NonNullable<typeof config.extraction>);
const cache = join(folder, 'cache');
const out = join(folder, 'run');

const { manifest } = await stage(
  'phantom',
  () => patients,
  () =>
    writePhantom(
      { patients, seed: 1, signal: 1, missingScans: 0 },
      { out: join(folder, 'phantom'), workers },
    ),
);
await stage(
  'networks',
  (paths) => paths.length,
  () => extractionNetworks(plan, { cache, workers }),
);
const cohort = await loadCohort(manifest);
await stage(
  'extraction',
  ({ unitsComputed }) => unitsComputed,
  () => extractCohort(cohort, plan, { cache, workers }),
);
const extracted = await stage(
  'tables',
  ({ unitsReused }) => unitsReused,
  () => extractCohort(cohort, plan, { cache, workers }),
);
await stage(
  'evaluation',
  ({ provenance }) => provenance.unitsComputed,
  () => runStudy(config, withFeatures(cohort, extracted), { out, workers, extracted }),
);
await stage(
  'report',
  ({ pictures }) => 1 + pictures.length,
  () => writeReport(out, { workers }),
);

if (workers === 1) {
  const some = {
    id: cohort.id,
    patients: cohort.patients.slice(0, few),
    images: Object.fromEntries(
      Object.entries(cohort.images ?? {}).map(([scan, files]) => [scan, files.slice(0, few)]),
    ),
  };
  // A cache without units, with the networks: what is timed reads scans and computes units.
  const empty = join(folder, 'few');
  mkdirSync(empty);
  symlinkSync(join(cache, 'models'), join(empty, 'models'));
  for (const extractor of extractorsOf(plan.extractors) as BuiltInExtractor[]) {
    const one = { ...plan, extractors: [extractor] };
    await stage(
      `of extraction: ${extractor}`,
      ({ unitsComputed }) => unitsComputed,
      () => extractCohort(some, one, { cache: empty, workers }),
    );
  }
}
process.stdout.write(`${JSON.stringify(stages)}\n`);
