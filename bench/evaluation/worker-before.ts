import { workerData } from 'node:worker_threads';
import type { PipelineConfig } from '../../src/learning/pipeline-config.ts';
import type { Partition } from '../../src/learning/rows.ts';
import type { FeatureTable } from '../../src/table/feature-table.ts';
import { moduleOf } from '../module-of.ts';

/** What the pool of the earlier nacre hands to a thread. */
interface ThreadData {
  setup: {
    table: FeatureTable;
    labels: Uint8Array;
    config: PipelineConfig;
    /** Its `src`. */
    modules: string;
  };
}

const { table, labels, config, modules } = (workerData as ThreadData).setup;
const { evaluatePartition } = (await moduleOf(
  modules,
  'evaluation/evaluate-partition',
)) as typeof import('../../src/evaluation/evaluate-partition.ts');

/** One partition of the earlier nacre, to its balanced accuracy. */
export default async (partition: Partition): Promise<number> => {
  const outcome = await evaluatePartition(table, labels, partition, {
    config,
    seed: 1,
    name: 'bench',
  });
  return outcome.metrics.balancedAccuracy;
};
