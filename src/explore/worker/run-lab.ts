import { permutedLabels } from '../../evaluation/audit.ts';
import { holdOuts } from '../../evaluation/design-partitions.ts';
import { evaluatePartition } from '../../evaluation/evaluate-partition.ts';
import type { GroupValues } from '../../evaluation/grouped-labels.ts';
import { bundlesOf } from '../../evaluation/grouped-splits.ts';
import { selectBeforeSplit, untuned } from '../../evaluation/selection-leak.ts';
import { RandomStream } from '../../runtime/random-stream.ts';
import { type FeatureTable, featureTable } from '../../table/feature-table.ts';
import { fromBase64 } from '../base64.ts';
import type { LabAnswer, LabColumns, LabRequest, LabSet } from '../protocol.ts';

/**
 * Draws partitions and evaluates them with the study's own functions, one answer per partition. With the study's seed, labels as
 * they are and selection inside, the numbers are those of the run.
 */
export async function* runLab(request: LabRequest): AsyncGenerator<LabAnswer, void, void> {
  const { set, seed, permutation } = request;
  const full = tableOf(request.columns, set);
  const recorded = Uint8Array.from(set.labels);
  const groups = set.together?.groups.map((group) => (group === null ? undefined : `${group}`));
  const labels =
    permutation === undefined
      ? flipped(recorded, groups, request)
      : permutedLabels(recorded, seed, permutation, undefined, groups);
  const honest = request.tuned ? set.pipeline : untuned(set.pipeline);
  const partitions = holdOuts(labels, groups, {
    partitions: request.partitions,
    testShare: set.testShare,
    seed,
  });
  const { table, config } = request.selectBefore
    ? await selectBeforeSplit(full, labels, { config: honest, seed: set.seed })
    : { table: full, config: honest };
  const kind = permutation === undefined ? 'real' : `permuted-${padded(permutation)}`;
  for (const partition of partitions) {
    const outcome = await evaluatePartition(table, labels, partition, {
      config,
      seed: set.seed,
      name: `${set.unit}~${kind}~${padded(partition.index)}`,
    });
    yield {
      kind: 'lab',
      id: request.id,
      partition: partition.index,
      ofPartitions: partitions.length,
      balancedAccuracy: outcome.metrics.balancedAccuracy,
      auc: outcome.metrics.auc,
      selected: outcome.selected.map(({ feature }) => feature),
      train: outcome.train.patients,
      test: outcome.test,
    };
  }
}

/** The candidates of a set, with the patients under numbers. */
export function tableOf(all: LabColumns, { columns, rows }: LabSet): FeatureTable {
  const values = new Float64Array(fromBase64(all.values).buffer);
  return featureTable(
    rows.map((row) => `row ${row + 1}`),
    columns.map((c) => ({
      name: all.names[c],
      ...all.origins[c],
      values: Float64Array.from(rows, (row) => values[c * all.patients + row]),
    })),
  );
}

/** Labels of which a share, drawn at random, has the other class. Rows of a group are drawn together. */
function flipped(
  labels: Uint8Array,
  groups: GroupValues = Array.from(labels, () => undefined),
  { seed, flippedShare }: Pick<LabRequest, 'seed' | 'flippedShare'>,
): Uint8Array {
  const stream = RandomStream.of(seed, 'explore', 'flip');
  const wanted = Math.round(flippedShare * labels.length);
  const out = labels.slice();
  let done = 0;
  for (const { rows } of stream.shuffled(bundlesOf(labels, groups))) {
    if (done + rows.length > wanted) continue;
    done += rows.length;
    for (const row of rows) out[row] = 1 - out[row];
  }
  return out;
}

const padded = (index: number) => String(index).padStart(3, '0');
