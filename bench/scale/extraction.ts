import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { extractCohort } from '../../src/features/extract-cohort.ts';
import { readStudyConfig } from '../../src/study/config.ts';
import { loadStudyCohort } from '../../src/study/prepare-cohort.ts';
import { peakMemory } from '../peak-memory.ts';

/**
 * Extraction of synthetic patients with the settings of studies/paper.yaml (64³ crops, all filters) and random weights,
 * one worker: CPU seconds and bytes a patient. The cost of making the scans and the networks is not in it.
 */
const patients = 3;
const { extraction: paper } = readStudyConfig(
  fileURLToPath(new URL('../../studies/paper.yaml', import.meta.url)),
);
const root = mkdtempSync(join(tmpdir(), 'nacre-scale-extraction-'));
try {
  if (paper === undefined) throw new Error('studies/paper.yaml extracts nothing');
  const extraction = { ...paper, weights: 'random' as const };
  const folders = { cache: join(root, 'cache'), data: join(root, 'data') };
  const { cohort } = await loadStudyCohort(
    {
      cohort: { phantom: { patients: 10, seed: 1, signal: 1, missingScans: 0, missingValues: 0 } },
    },
    folders,
  );
  const only = (from: number, to: number) => ({
    id: cohort.id,
    patients: cohort.patients.slice(from, to),
    images: Object.fromEntries(
      Object.entries(cohort.images ?? {}).map(([scan, files]) => [scan, files.slice(from, to)]),
    ),
  });
  // The first patient makes the networks; the others are what is measured.
  await extractCohort(only(0, 1), extraction, { cache: folders.cache, workers: 1 });
  const started = performance.now();
  const cpu = process.cpuUsage();
  const { unitsComputed, blocks } = await extractCohort(only(1, 1 + patients), extraction, {
    cache: folders.cache,
    workers: 1,
  });
  const { user, system } = process.cpuUsage(cpu);
  process.stdout.write(
    `${JSON.stringify({
      patients,
      seconds: (performance.now() - started) / 1000,
      cpuSeconds: (user + system) / 1e6,
      units: unitsComputed,
      columns: Object.values(blocks).reduce((sum, table) => sum + (table?.columns.length ?? 0), 0),
      unitBytes: bytesIn(join(folders.cache, 'units')) / (1 + patients),
      scanBytes: bytesIn(join(folders.cache, 'phantom')) / 10,
      peakMB: peakMemory(),
    })}\n`,
  );
} finally {
  rmSync(root, { recursive: true, force: true });
}

function bytesIn(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0);
}
