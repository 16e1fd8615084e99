import { writeFileSync } from 'node:fs';
import { stratifiedPartitions } from '../../src/evaluation/partitions.ts';
import { scaleConfig } from './config.ts';
import { labelsOf } from './table.ts';

/** What bench/peers/bench_scale.py is given: the same file, partitions and settings. */
export function writePeerSpec(
  path: string,
  table: string,
  size: { rows: number; columns: number },
  partitions: number,
): void {
  const labels = labelsOf(size.rows);
  writeFileSync(
    path,
    JSON.stringify({
      table,
      labels: Array.from(labels),
      partitions: stratifiedPartitions(labels, { partitions, seed: 1 }),
      config: scaleConfig('native'),
    }),
  );
}
