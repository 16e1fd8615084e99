import { existsSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { loadCohort } from '../../src/cohort/load-cohort.ts';
import { writePhantom } from '../../src/cohort/phantom/write-phantom.ts';
import { extractCohort } from '../../src/features/extract-cohort.ts';
import { extraction, extractorNames } from '../../src/features/extraction.ts';
import { extractionNetworks } from '../../src/features/extraction-networks.ts';
import { withFeatures } from '../../src/features/with-features.ts';
import { writeReport } from '../../src/report/write-report.ts';
import { parseStudyConfig } from '../../src/study/config.ts';
import { runStudy } from '../../src/study/run-study.ts';
import { peakMemory } from '../peak-memory.ts';
import { study } from './study.ts';

/** One stage of one study. */
export interface Stage {
  stage: string;
  /** Units of work: extraction units, partitions fitted, patients drawn. */
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
 * A process of its own, so that its peak memory is its own: the whole study stage by stage, printed as JSON.
 * Arguments: patients, workers, folder, `report` where figures are drawn too.
 */
const [patients, workers] = process.argv.slice(2, 4).map(Number);
const [folder, report] = process.argv.slice(4);
const config = parseStudyConfig(study(patients), 'bench/study/study.ts');
const cache = join(folder, `cache-${patients}-${workers}`);
const shared = join(folder, 'models');
const stages: Stage[] = [];

async function stage<T>(name: string, units: (made: T) => number, work: () => Promise<T>) {
  const cpu = process.cpuUsage();
  const loop = performance.eventLoopUtilization();
  const began = performance.now();
  const made = await work();
  const seconds = (performance.now() - began) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  const { active } = performance.eventLoopUtilization(loop);
  stages.push({
    stage: name,
    units: units(made),
    seconds,
    cpuSeconds: (user + system) / 1e6,
    mainSeconds: Math.min(seconds, active / 1000),
    peakMB: peakMemory(),
  });
  return made;
}

// Drawn once a size, on one thread; the networks once for all, for they do not depend on the patients.
const within = join(folder, 'phantom');
const plan = extraction(config.extraction as NonNullable<typeof config.extraction>);
const manifest = join(within, `cohort-${patients}`);
if (!existsSync(manifest)) {
  const knobs = { patients, seed: 1, signal: 1, missingScans: 0 };
  await stage(
    'phantom',
    () => patients,
    () => writePhantom(knobs, { out: manifest, workers }),
  );
}
mkdirSync(cache, { recursive: true });
if (existsSync(shared)) symlinkSync(join(shared, 'models'), join(cache, 'models'));
else {
  const networks = () => extractionNetworks(plan, { cache: shared, workers });
  await stage('networks', (made) => made.length, networks);
  symlinkSync(join(shared, 'models'), join(cache, 'models'));
}
const cohort = await loadCohort(join(manifest, 'synthetic-phantom.json'));
for (const extractor of extractorNames) {
  const one = { ...plan, extractors: [extractor] };
  await stage(
    extractor,
    ({ unitsComputed }) => unitsComputed,
    () => extractCohort(cohort, one, { cache, workers }),
  );
}
const extracted = await stage(
  'tables',
  ({ unitsReused }) => unitsReused,
  () => extractCohort(cohort, plan, { cache, workers }),
);
const out = join(cache, 'run');
await stage(
  'evaluation',
  ({ provenance }) => provenance.unitsComputed,
  () => runStudy(config, withFeatures(cohort, extracted), { out, workers, extracted }),
);
if (report === 'report')
  await stage(
    'report',
    () => 1,
    () => writeReport(out),
  );
process.stdout.write(`${JSON.stringify(stages)}\n`);
