import { Pipeline } from '../learning/pipeline.ts';
import { type Partition, selectColumns, splitRows } from '../learning/rows.ts';
import { SharedColumns } from '../learning/shared-columns.ts';
import { RandomStream } from '../runtime/random-stream.ts';
import type { FeatureTable } from '../table/feature-table.ts';
import { type EvaluationOptions, type PartitionOutcome, resultOf } from './evaluate-partition.ts';

/** One feature set of several on the same rows. */
export interface SetOptions extends Pick<EvaluationOptions, 'config' | 'name' | 'explained'> {
  /** Names of its columns, in its order. */
  columns: readonly string[];
}

/**
 * `evaluatePartition` for several feature sets that share columns, on the same rows with the same labels: the training rows are split
 * off once, and what single columns teach is learned once. Each outcome is that of the set by itself, to the last bit.
 *
 * @param table the columns of all sets, a row a labelled patient
 * @param labels 0 or 1 a row
 * @param sets pipelines that differ in nothing but their classifiers
 */
export async function evaluateTogether(
  table: FeatureTable,
  labels: Uint8Array,
  partition: Partition,
  { seed, sets }: { seed: number; sets: readonly SetOptions[] },
): Promise<PartitionOutcome[]> {
  const { train, test, testLabels } = splitRows(table, labels, partition);
  const shared = new SharedColumns(train, sets[0].config);
  const outcomes: PartitionOutcome[] = [];
  // The largest set first: what it finds serves the others most.
  const order = [...sets.keys()].sort((a, b) => sets[b].columns.length - sets[a].columns.length);
  for (const number of order) {
    const { config, name, columns, explained } = sets[number];
    const stream = RandomStream.of(seed, 'fit', name, partition.index);
    const fitted = await new Pipeline(config).fitShared(shared, columns, stream);
    const heldOut = selectColumns(test, columns);
    const held = { test: heldOut, testLabels, explained };
    outcomes[number] = resultOf(fitted, partition, train.labels, held);
  }
  return outcomes;
}
