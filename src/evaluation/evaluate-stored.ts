import { Pipeline } from '../learning/pipeline.ts';
import { type Partition, splitRows, type TrainingRows } from '../learning/rows.ts';
import { RandomStream } from '../runtime/random-stream.ts';
import { featureTable } from '../table/feature-table.ts';
import type { StoredTable } from '../table/stored-table.ts';
import { type EvaluationOptions, outcomeOf, type PartitionOutcome } from './evaluate-partition.ts';

export interface StoredEvaluationOptions extends EvaluationOptions {
  /** Columns that are read at once. Default 256. */
  columnsAtOnce?: number | undefined;
}

/**
 * `evaluatePartition` on a table that stays in its file. Each group of columns is split as soon as it is read: the
 * training rows go on to the pipeline, the test rows are let go; those of the final columns alone are read again.
 */
export async function evaluateStored(
  table: StoredTable,
  labels: Uint8Array,
  partition: Partition,
  { config, seed, name, columnsAtOnce = 256 }: StoredEvaluationOptions,
): Promise<PartitionOutcome> {
  const stream = RandomStream.of(seed, 'fit', name, partition.index);
  const split = async (numbers: readonly number[]) =>
    splitRows(featureTable(table.patients, await table.read(numbers)), labels, partition);
  async function* groups(): AsyncGenerator<TrainingRows> {
    const numbers = [...table.columns.keys()];
    for (let at = 0; at < numbers.length; at += columnsAtOnce) {
      yield (await split(numbers.slice(at, at + columnsAtOnce))).train;
    }
  }
  const fitted = await new Pipeline(config).fitGroups(groups(), stream);
  const wanted = new Set(fitted.columns);
  const final = [...table.columns.keys()].filter((number) =>
    wanted.has(table.columns[number].name),
  );
  const { test, testLabels, train } = await split(final);
  return outcomeOf(fitted, partition, train.labels, test, testLabels);
}
