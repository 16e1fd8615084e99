import type { PartitionOutcome } from '../evaluation/evaluate-partition.ts';
import type { PipelineConfig } from '../learning/pipeline-config.ts';
import type { Partition } from '../learning/rows.ts';
import { mapInWorkers } from '../runtime/worker-pool.ts';
import { workerModule } from '../runtime/worker-thread.ts';

export interface EvaluateParquetOptions {
  pipeline: PipelineConfig;
  /** Seed of the study; the random stream of a partition is named by it, the partition and `name`. */
  seed: number;
  /** Name of the unit, as `evaluatePartition` takes it. */
  name: string;
  /** Columns read at once. Default 256. No number depends on it. */
  columnsAtOnce?: number | undefined;
  /** Worker threads; each holds the prepared training rows of one partition twice (16 bytes a value) at its peak. Default 1. */
  workers?: number | undefined;
  onDone?: ((outcome: PartitionOutcome) => void) | undefined;
}

/** Setup of a worker, without the values of the table. */
export interface StoredEvaluation extends EvaluateParquetOptions {
  path: string;
  labels: Uint8Array;
}

/**
 * Evaluates partitions of a feature table that stays in its Parquet file and is read a few columns at a time, once a
 * partition: for tables that should not be in memory as a whole. The outcomes are those of `evaluatePartition` on the
 * whole table, to the last bit.
 *
 * @param path of a table as `openParquet` reads it
 * @param labels 0 or 1 a row of the file
 * @throws NacreError `needs-whole-table` and what `openParquet` and `evaluatePartition` throw
 */
export function evaluateParquet(
  path: string,
  labels: Uint8Array,
  partitions: readonly Partition[],
  { workers = 1, onDone, ...options }: EvaluateParquetOptions,
): Promise<PartitionOutcome[]> {
  const setup: StoredEvaluation = { ...options, path, labels };
  return mapInWorkers(workerModule(import.meta.url, './parquet-worker'), partitions, {
    workers,
    setup,
    ...(onDone === undefined ? {} : { onDone }),
  });
}
