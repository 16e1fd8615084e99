import { join } from 'node:path';
import type { PartitionOutcome } from '../evaluation/evaluate-partition.ts';
import { readRows, writeRows } from '../machine/parquet.ts';
import { runFiles } from './run-folder.ts';
import { type Arm, isReal, type Unit } from './units.ts';

/** One test patient of one partition: a row of `predictions.parquet`. */
export interface Prediction {
  endpoint: string;
  featureSet: string;
  partition: number;
  patient: string;
  /** True outcome: 1 or 0. */
  label: number;
  /** Predicted probability of class 1. */
  probability: number;
  /** 1 where the probability reaches the partition's threshold. */
  predicted: number;
}

/** Writes the test predictions of the real labels (those of the audit are not kept: they predict nothing). */
export function writePredictions(
  path: string,
  units: readonly Unit[],
  outcomes: readonly PartitionOutcome[],
  arms: readonly Arm[],
): void {
  const rows: Prediction[] = units.flatMap((unit, i) => {
    if (!isReal(unit)) return [];
    const { endpoint, featureSet, patients, labels } = arms[unit.arm];
    return unit.partition.test.map((row, at) => ({
      endpoint,
      featureSet,
      partition: unit.partition.index,
      patient: patients[row],
      label: labels[row],
      probability: outcomes[i].probabilities[at],
      predicted: outcomes[i].probabilities[at] >= outcomes[i].threshold ? 1 : 0,
    }));
  });
  writeRows(path, rows, {
    endpoint: 'STRING',
    featureSet: 'STRING',
    partition: 'INT32',
    patient: 'STRING',
    label: 'INT32',
    probability: 'DOUBLE',
    predicted: 'INT32',
  });
}

/** Test predictions of a run, in the order of endpoints, feature sets and partitions. @throws NacreError `file-missing`, `bad-table` */
export function readPredictions(runFolder: string): Promise<Prediction[]> {
  return readRows<Prediction>(join(runFolder, runFiles.predictions));
}
