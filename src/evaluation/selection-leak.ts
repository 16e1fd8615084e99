import { type FittedPipeline, Pipeline, type PipelineConfig } from '../learning/pipeline.ts';
import { logisticOf } from '../learning/pipeline-config.ts';
import { splitRows } from '../learning/rows.ts';
import { RandomStream } from '../runtime/random-stream.ts';
import { type FeatureTable, featureTable } from '../table/feature-table.ts';
import { mean } from '../table/mean.ts';
import { permutedLabels } from './audit.ts';
import { holdOuts } from './design-partitions.ts';
import { evaluatePartition } from './evaluate-partition.ts';
import type { GroupValues } from './grouped-labels.ts';

export interface SelectionLeakOptions {
  /** Settings of the honest pipeline; the first value of each booster setting is taken, so that nothing is tuned. */
  pipeline: PipelineConfig;
  seed: number;
  partitions: number;
  /** Share held out, in (0, 1). */
  testShare: number;
  /** Shufflings of the labels. Default 3. */
  permutations?: number | undefined;
  /** By row, as `labelledTable` gives them: rows of a group stay on one side, and labels move between whole groups, as in the audit. */
  groups?: GroupValues | undefined;
}

/** Balanced accuracy where there is nothing to find, a number a permutation (mean over its partitions). */
export interface SelectionLeak {
  /** Features selected on the training rows of each partition. */
  inside: number[];
  /** Features selected once on all patients, then the same partitions. */
  before: number[];
}

/**
 * A demonstration of the most common leak, on labels that were shuffled so that no feature can predict them: the same
 * pipeline with the features selected inside each partition, and once on all patients before the split (Ambroise and
 * McLachlan 2002). Any accuracy above 0.5 there comes from the leak. For teaching alone: no study calls it.
 *
 * @param table one row per labelled patient
 * @param labels 0 or 1 per row; shuffled before use
 */
export async function demonstrateSelectionLeak(
  table: FeatureTable,
  labels: Uint8Array,
  options: SelectionLeakOptions,
): Promise<SelectionLeak> {
  const config = untuned(options.pipeline);
  const leak: SelectionLeak = { inside: [], before: [] };
  for (let permutation = 0; permutation < (options.permutations ?? 3); permutation++) {
    const shuffled = permutedLabels(labels, options.seed, permutation, undefined, options.groups);
    const leaky = await selectBeforeSplit(table, shuffled, { config, seed: options.seed });
    const partitions = holdOuts(shuffled, options.groups, options);
    const inside: number[] = [];
    const before: number[] = [];
    for (const partition of partitions) {
      const { seed } = options;
      const name = `leak~${permutation}~${partition.index}`;
      const honest = await evaluatePartition(table, shuffled, partition, { config, seed, name });
      const tooGood = await evaluatePartition(leaky.table, shuffled, partition, {
        config: leaky.config,
        seed,
        name,
      });
      inside.push(honest.metrics.balancedAccuracy);
      before.push(tooGood.metrics.balancedAccuracy);
    }
    leak.inside.push(mean(inside));
    leak.before.push(mean(before));
  }
  return leak;
}

/**
 * The mistake itself: features are selected with every patient as a training row, so that the split comes too late. For teaching
 * alone.
 *
 * @returns the table of the selected columns, and the pipeline without selection that is then evaluated on it
 */
export async function selectBeforeSplit(
  table: FeatureTable,
  labels: Uint8Array,
  { config, seed }: { config: PipelineConfig; seed: number },
): Promise<{ table: FeatureTable; config: PipelineConfig }> {
  const everybody = { index: 0, seed, train: table.patients.map((_, row) => row), test: [] };
  const { train } = splitRows(table, labels, everybody);
  const fitted: FittedPipeline = await new Pipeline(config).fit(
    train,
    RandomStream.of(seed, 'leak'),
  );
  const { mrmr: _, rfe: __, ...fitOnly } = config;
  const selected = fitted.selected.map(({ feature }) => feature);
  return { table: onlyColumns(table, selected), config: fitOnly };
}

/** The pipeline with one point of its grid and a threshold of 0.5: nothing for inner folds to decide. */
export function untuned({ earlyStopping: _, ...config }: PipelineConfig): PipelineConfig {
  const { implementation, ...grid } = config.booster;
  const first = Object.fromEntries(
    Object.entries(grid).map(([key, values]) => [key, values.slice(0, 1)]),
  ) as Omit<PipelineConfig['booster'], 'implementation'>;
  const { penalty, c, metric } = logisticOf(config);
  return {
    ...config,
    booster: { ...first, implementation },
    logistic: { penalty: penalty.slice(0, 1), c: c.slice(0, 1), metric },
    threshold: '0.5',
  };
}

function onlyColumns(table: FeatureTable, names: readonly string[]): FeatureTable {
  const wanted = new Set(names);
  return featureTable(
    table.patients,
    table.columns.filter(({ name }) => wanted.has(name)),
  );
}
