import { evaluatePartition } from '../../src/evaluation/evaluate-partition.ts';
import type { PipelineConfig } from '../../src/learning/pipeline-config.ts';
import type { Partition } from '../../src/learning/rows.ts';
import { workerSetup } from '../../src/runtime/worker-setup.ts';
import type { FeatureTable } from '../../src/table/feature-table.ts';

/** One partition, to its balanced accuracy. */
export default async (partition: Partition): Promise<number> => {
  const { table, labels, config } = workerSetup<{
    table: FeatureTable;
    labels: Uint8Array;
    config: PipelineConfig;
  }>();
  const outcome = await evaluatePartition(table, labels, partition, {
    config,
    seed: 1,
    name: 'bench',
  });
  return outcome.metrics.balancedAccuracy;
};
