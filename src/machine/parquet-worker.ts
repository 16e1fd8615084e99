import './xgboost/provide-native.ts';
import type { PartitionOutcome } from '../evaluation/evaluate-partition.ts';
import { evaluateStored } from '../evaluation/evaluate-stored.ts';
import type { Partition } from '../learning/rows.ts';
import { workerSetup } from '../runtime/worker-setup.ts';
import type { StoredEvaluation } from './evaluate-parquet.ts';
import { openParquet } from './open-parquet.ts';

/** Worker thread of `evaluateParquet`: opens the file for each partition and reads it column by column. */
export default async function work(partition: Partition): Promise<PartitionOutcome> {
  const { path, labels, pipeline, seed, name, columnsAtOnce } = workerSetup<StoredEvaluation>();
  const table = await openParquet(path);
  try {
    return await evaluateStored(table, labels, partition, {
      config: pipeline,
      seed,
      name,
      columnsAtOnce,
    });
  } finally {
    await table.close();
  }
}
