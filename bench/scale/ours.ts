import { stratifiedPartitions } from '../../src/evaluation/partitions.ts';
import { evaluateParquet } from '../../src/machine/evaluate-parquet.ts';
import { peakMemory } from '../peak-memory.ts';
import { scaleConfig } from './config.ts';
import { labelsOf } from './table.ts';

/** One evaluation in a process of its own, so that its peak is its own: `ours.ts FILE ROWS PARTITIONS WORKERS BOOSTER`. */
const [path, rows, partitions, workers, implementation] = process.argv.slice(2);
const labels = labelsOf(Number(rows));
const pipeline = scaleConfig(implementation as 'ml-xgboost' | 'native');
const all = stratifiedPartitions(labels, { partitions: Number(partitions), seed: 1 });
const started = performance.now();
const cpu = process.cpuUsage();
const ends: number[] = [];
const outcomes = await evaluateParquet(path, labels, all, {
  pipeline,
  seed: 1,
  name: 'scale',
  workers: Number(workers),
  onDone: () => ends.push((performance.now() - started) / 1000),
});
const { user, system } = process.cpuUsage(cpu);
process.stdout.write(
  `${JSON.stringify({
    seconds: (performance.now() - started) / 1000,
    cpuSeconds: (user + system) / 1e6,
    ends,
    peakMB: peakMemory(),
    balancedAccuracy: outcomes.map(({ metrics }) => metrics.balancedAccuracy),
    selected: outcomes.map(({ selected }) => selected.map(({ feature }) => feature)),
  })}\n`,
);
