import '../machine/xgboost/provide-native.ts';
import { type FittedPipeline, Pipeline } from '../learning/pipeline.ts';
import { type Partition, splitRows } from '../learning/rows.ts';
import { NacreError } from '../runtime/errors.ts';
import { RandomStream } from '../runtime/random-stream.ts';
import { patientRows } from '../table/patient-rows.ts';
import { pipelineOfSet } from './config.ts';
import { labelledTable, type OpenedStudy } from './open-study.ts';
import type { Run } from './run-folder.ts';

export interface OpenPartitionOptions {
  /** Id; default the first endpoint of the study. */
  endpoint?: string | undefined;
  /** Id; default the first feature set of the run. */
  featureSet?: string | undefined;
  /** Number of the partition. Default 0. */
  partition?: number | undefined;
}

/** One partition of one feature set, fitted again with every step in sight. */
export interface OpenedPartition {
  endpoint: string;
  featureSet: { id: string; title: string };
  index: number;
  seed: number;
  train: { patients: number; positives: number };
  test: { patients: number; positives: number };
  /** The pipeline that learned from the training rows; `trail` lists the features that each step kept. */
  fitted: FittedPipeline;
  /** Probability of class 1 and label, one of each per test patient. */
  predictions: { patient: string; probability: number; label: number }[];
  /** True where the same features came out, in the same order, as `results.json` of the run has them. */
  agreesWithRun: boolean;
}

/**
 * Fits one partition of a run again, exactly as the study did (same rows, settings and random stream). Also
 * returns what the run folder does not store: the input and the output of every selection step.
 *
 * @throws NacreError `unknown-name`
 */
export async function openPartition(
  study: OpenedStudy,
  run: Run,
  options: OpenPartitionOptions = {},
): Promise<OpenedPartition> {
  const endpoint = options.endpoint ?? study.config.endpoints[0];
  const sets = run.results.endpoints.find(({ id }) => id === endpoint)?.featureSets ?? [];
  const featureSet = options.featureSet ?? sets[0]?.id ?? '';
  const index = options.partition ?? 0;
  const { table, labels, sites, redraws } = labelledTable(study, endpoint, featureSet);
  const recorded = run.partitions[endpoint]?.[index];
  const set = sets.find(({ id }) => id === featureSet);
  if (recorded === undefined || set === undefined) {
    throw new NacreError('unknown-name', 'the run has no such partition', {
      file: run.folder,
      found: `partition ${index} of ${featureSet}, ${endpoint}`,
      expected: `0 to ${run.results.study.partitions - 1}`,
    });
  }
  const rows = (patients: readonly string[]) =>
    patientRows(table.patients, patients).sort((a, b) => a - b);
  const partition: Partition = {
    index,
    seed: recorded.seed,
    train: rows(recorded.train.patients),
    test: rows(recorded.test.patients),
  };
  const { train, test, testLabels } = splitRows(table, labels, partition, { sites, redraws });
  const name = `${endpoint}~${featureSet}~real~${String(index).padStart(3, '0')}`;
  const stream = RandomStream.of(study.config.seed, 'fit', name, index);
  const fitted = await new Pipeline(pipelineOfSet(study.config, featureSet)).fit(train, stream);
  const probabilities = fitted.predictProbability(test);
  const kept = fitted.selected.map(({ feature }) => feature);
  return {
    endpoint,
    featureSet: { id: featureSet, title: set.title },
    index,
    seed: recorded.seed,
    train: { patients: recorded.train.patients.length, positives: recorded.train.positives },
    test: { patients: recorded.test.patients.length, positives: recorded.test.positives },
    fitted,
    predictions: test.patients.map((patient, i) => ({
      patient,
      probability: probabilities[i],
      label: testLabels[i],
    })),
    agreesWithRun: JSON.stringify(kept) === JSON.stringify(set.partitions[index].selected),
  };
}
