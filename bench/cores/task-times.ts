import { evaluateTogether } from '../../src/evaluation/evaluate-together.ts';
import { stratifiedPartitions } from '../../src/evaluation/partitions.ts';
import { type PipelineSettings, pipelineConfig } from '../../src/learning/pipeline-config.ts';
import { RandomStream } from '../../src/runtime/random-stream.ts';
import { featureTable } from '../../src/table/feature-table.ts';

/** One task of the evaluation: the sets of the default study that share columns, by their numbers of columns (three scans, two regions). */
export const taskKinds = [
  { name: 'clinical', sets: [20] },
  { name: 'noise', sets: [200] },
  {
    name: 'radiomics, whole and by scan and region',
    sets: [1220, 1200, 800, 600, 600, 400, 400, 400, 200, 200],
  },
  { name: 'ResNet10, 18 or 34, with and without clinical', sets: [3092, 3072] },
  { name: 'ResNet50, with and without clinical', sets: [12_308, 12_288] },
] as const;

/** How many tasks of each kind a partition of one endpoint has. */
export const tasksPerPartition = [1, 1, 1, 3, 1];

/** CPU seconds of one task on a SYNTHETIC table by this pipeline: the lesser of two after one to warm up. */
export async function taskSeconds(
  patients: number,
  sets: readonly number[],
  settings: PipelineSettings,
): Promise<number> {
  const columns = Math.max(...sets);
  const stream = RandomStream.of(1, 'bench-cores', columns);
  const labels = Uint8Array.from({ length: patients }, (_, i) => (i % 3 === 0 ? 1 : 0));
  // Columns of an image correlate in groups, which is what the correlation filter finds.
  const factors = Array.from({ length: 12 }, () =>
    Float64Array.from({ length: patients }, () => stream.normal()),
  );
  const names = Array.from({ length: columns }, (_, c) => `f${c}`);
  const table = featureTable(
    Array.from({ length: patients }, (_, i) => `P${i}`),
    names.map((name, c) => ({
      name,
      block: 'synthetic',
      values: noisy(factors[c % factors.length], 0.2 + 0.1 * (c % 7), stream),
    })),
  );
  const config = pipelineConfig(settings);
  const shared = sets.map((size, i) => ({
    ...{ config, explained: true, name: `set ${i}`, columns: names.slice(0, size) },
  }));
  const times: number[] = [];
  for (const partition of stratifiedPartitions(labels, { partitions: 3, seed: 1 })) {
    const before = process.cpuUsage();
    await evaluateTogether(table, labels, partition, { seed: 1, sets: shared });
    const { user, system } = process.cpuUsage(before);
    times.push((user + system) / 1e6);
  }
  return Math.min(...times.slice(1));
}

function noisy(factor: Float64Array, noise: number, stream: RandomStream): Float64Array {
  return factor.map((value) => value + noise * stream.normal());
}
