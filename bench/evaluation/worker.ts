import { workerData } from 'node:worker_threads';
import type { PipelineConfig } from '../../src/learning/pipeline-config.ts';
import type { Partition } from '../../src/learning/rows.ts';
import { workerSetup } from '../../src/runtime/worker-setup.ts';
import type { FeatureTable } from '../../src/table/feature-table.ts';
import { moduleOf } from '../module-of.ts';

interface Setup {
  table: FeatureTable;
  labels: Uint8Array;
  config: PipelineConfig;
  /** `src` of the nacre that is measured. */
  modules: string;
}

/** One partition, to its balanced accuracy. The pool of the earlier nacre hands a setup to its threads with `workerData`. */
export default async (partition: Partition): Promise<number> => {
  const { table, labels, config, modules } =
    workerSetup<Setup | undefined>() ?? (workerData as { setup: Setup }).setup;
  const { evaluatePartition } = (await moduleOf(
    modules,
    'evaluation/evaluate-partition',
  )) as typeof import('../../src/evaluation/evaluate-partition.ts');
  const outcome = await evaluatePartition(table, labels, partition, {
    config,
    seed: 1,
    name: 'bench',
  });
  return outcome.metrics.balancedAccuracy;
};
