import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { PartitionOutcome } from '../evaluation/evaluate-partition.ts';
import { readRows, writeRows } from '../machine/parquet.ts';
import { runFiles } from './run-folder.ts';
import { type Arm, isReal, type Unit } from './units.ts';

/** What one feature did to the prediction of one test patient: a row of `contributions.parquet`. */
export interface Contribution {
  endpoint: string;
  featureSet: string;
  partition: number;
  patient: string;
  feature: string;
  /** As it came, before imputing and scaling; NaN where missing. */
  value: number;
  /** Log-odds of class 1 that the feature adds. */
  contribution: number;
  /** Log-odds before the patient is known; with the contributions of all features they give those of the prediction. */
  base: number;
}

/** Writes what moved every test prediction of the real labels. */
export function writeContributions(
  path: string,
  units: readonly Unit[],
  outcomes: readonly PartitionOutcome[],
  arms: readonly Arm[],
): void {
  const rows: Contribution[] = units.flatMap((unit, i) => {
    const { explanation } = outcomes[i];
    if (!isReal(unit) || explanation === undefined) return [];
    const { endpoint, featureSet, patients } = arms[unit.arm];
    const { features, base, values, contributions } = explanation;
    return unit.partition.test.flatMap((row, at) =>
      features.map((feature, f) => ({
        endpoint,
        featureSet,
        partition: unit.partition.index,
        patient: patients[row],
        feature,
        value: values[at * features.length + f] ?? Number.NaN,
        contribution: contributions[at * features.length + f],
        base,
      })),
    );
  });
  writeRows(path, rows, {
    endpoint: 'STRING',
    featureSet: 'STRING',
    partition: 'INT32',
    patient: 'STRING',
    feature: 'STRING',
    value: 'DOUBLE',
    contribution: 'DOUBLE',
    base: 'DOUBLE',
  });
}

/** Contributions of a run; none for runs of earlier versions. @throws NacreError `bad-table` */
export async function readContributions(runFolder: string): Promise<Contribution[]> {
  const path = join(runFolder, runFiles.contributions);
  return existsSync(path) ? readRows<Contribution>(path) : [];
}
