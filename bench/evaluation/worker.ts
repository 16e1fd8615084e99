import { workerData } from 'node:worker_threads';
import { evaluatePartition } from '../../src/evaluation/evaluate-partition.ts';
import type { PipelineConfig } from '../../src/learning/pipeline-config.ts';
import type { Partition } from '../../src/learning/rows.ts';
import type { FeatureTable } from '../../src/table/feature-table.ts';

/** One partition, to its balanced accuracy. */
export default async (partition: Partition): Promise<number> => {
  const { table, labels, config } = setup();
  const outcome = await evaluatePartition(table, labels, partition, {
    config,
    seed: 1,
    name: 'bench',
  });
  return outcome.metrics.balancedAccuracy;
};

function setup(): { table: FeatureTable; labels: Uint8Array; config: PipelineConfig } {
  // piscina hands its own data first, the pool's setup second.
  const data: unknown = Array.isArray(workerData) ? workerData[1] : workerData;
  return data as { table: FeatureTable; labels: Uint8Array; config: PipelineConfig };
}
