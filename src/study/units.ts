import '../machine/xgboost/provide-native.ts';
import { createHash } from 'node:crypto';
import { evaluatePartition, type PartitionOutcome } from '../evaluation/evaluate-partition.ts';
import { evaluateTogether } from '../evaluation/evaluate-together.ts';
import type { PipelineConfig } from '../learning/pipeline-config.ts';
import type { Redraws } from '../learning/redraws.ts';
import type { RowSites } from '../learning/row-sites.ts';
import type { Partition } from '../learning/rows.ts';
import { isShareable } from '../learning/shared-columns.ts';
import { codeHash as hashOfModules } from '../runtime/code-hash.ts';
import { canonicalJson, sha256 } from '../runtime/hash.ts';
import type { FeatureTable } from '../table/feature-table.ts';
import { joinTables } from '../table/join-tables.ts';
import { type RedrawnTables, redrawsOfTables } from './redrawn-columns.ts';
import type { SetParts } from './results.ts';
import { withClassifier } from './with-classifier.ts';

/** One candidate table with its labels: an endpoint with a feature set. Handed to every worker once. */
export interface Arm {
  endpoint: string;
  featureSet: string;
  title: string;
  /** Parts of the set; only for sets that the study composes. */
  parts?: SetParts | undefined;
  /** Classifier that the set names, in place of the pipeline's. */
  classifier?: PipelineConfig['classifier'];
  /** Rows of the candidate table, which `tableOf` joins. */
  patients: readonly string[];
  /** Parts of the candidate table, as the cohort has them: arms that use one block hold the same columns. */
  tables: readonly FeatureTable[];
  /** The tables under redrawn outlines, where the pipeline asks for them. */
  redraws?: RedrawnTables | undefined;
  /** 0 or 1 per patient. */
  labels: Uint8Array;
  /** Site and covariates per patient, where the pipeline harmonises. */
  sites?: RowSites | undefined;
}

/** Builds the candidate table of an arm. Built on demand, because the tables of all arms together would need too much memory. */
function tableOf({ patients, tables }: Pick<Arm, 'patients' | 'tables'>): FeatureTable {
  return joinTables(patients, tables);
}

/** Columns of an arm's table, in its order, without the values. */
export function columnsOf({ tables }: Pick<Arm, 'tables'>): FeatureTable['columns'] {
  return tables.flatMap(({ columns }) => columns);
}

/** One unit of work: one partition of one arm, with the real labels or with those of one permutation. */
export interface Unit {
  /** Name in the unit store, unique in a run. */
  name: string;
  /** Number of the arm. */
  arm: number;
  partition: Partition;
  /** Shuffled labels that replace the arm's labels in the audit; undefined for the real labels. */
  permutedLabels?: Uint8Array | undefined;
  /** Share of the training rows in a unit of the learning curve; undefined for all of them. */
  trainShare?: number | undefined;
}

/** True for a partition of the study itself: real labels, all training rows. */
export function isReal({ permutedLabels, trainShare }: Unit): boolean {
  return permutedLabels === undefined && trainShare === undefined;
}

/** Data that each worker receives once, at its start. */
export interface WorkerSetup {
  arms: readonly Arm[];
  pipeline: PipelineConfig;
  seed: number;
  /** Name of the booster that the pipeline asks for, as this machine has it. */
  engine: string;
}

/** The table of the unit before: units come arm by arm. */
let last: { arm: Arm; table: FeatureTable; redraws: Redraws | undefined } | undefined;

/** Runs one unit. The random stream is named by the unit, so neither order nor worker can change a number. */
export function runUnit(setup: WorkerSetup, unit: Unit): Promise<PartitionOutcome> {
  const arm = setup.arms[unit.arm];
  if (last?.arm !== arm) {
    last = { arm, table: tableOf(arm), redraws: redrawsOfArm(arm) };
  }
  return evaluatePartition(last.table, unit.permutedLabels ?? arm.labels, unit.partition, {
    config: pipelineOf(setup, arm, unit),
    seed: setup.seed,
    name: unit.name,
    explained: isReal(unit),
    sites: arm.sites,
    redraws: last.redraws,
  });
}

/** The table of the task before: tasks of one group come in a row. */
let lastShared: { arms: readonly Arm[]; table: FeatureTable } | undefined;

/**
 * Runs units on the same rows with the same labels, whose sets may share columns (`groupUnits`): the same outcomes as one by one, in
 * their order.
 */
export async function runUnits(
  setup: WorkerSetup,
  units: readonly Unit[],
): Promise<PartitionOutcome[]> {
  if (units.length === 1 || !isShareable(setup.pipeline)) {
    const outcomes: PartitionOutcome[] = [];
    for (const unit of units) outcomes.push(await runUnit(setup, unit));
    return outcomes;
  }
  const arms = units.map(({ arm }) => setup.arms[arm]);
  if (
    lastShared?.arms.length !== arms.length ||
    arms.some((arm, i) => arm !== lastShared?.arms[i])
  ) {
    lastShared = { arms, table: joinTables(arms[0].patients, distinctColumns(arms)) };
  }
  const { partition, permutedLabels } = units[0];
  const sets = units.map((unit, i) => ({
    config: pipelineOf(setup, arms[i], unit),
    name: unit.name,
    explained: isReal(unit),
    columns: columnsOf(arms[i]).map(({ name }) => name),
  }));
  return evaluateTogether(lastShared.table, permutedLabels ?? arms[0].labels, partition, {
    seed: setup.seed,
    sets,
  });
}

/** The tables of the arms, each column in the first that has it alone. */
function distinctColumns(arms: readonly Arm[]): FeatureTable[] {
  const names = new Set<string>();
  return arms.flatMap(({ tables }) =>
    tables.flatMap(({ patients, columns }) => {
      const added = columns.filter(({ name }) => !names.has(name));
      for (const { name } of added) names.add(name);
      return added.length > 0 ? [{ patients, columns: added }] : [];
    }),
  );
}

function redrawsOfArm({ patients, tables, redraws }: Arm): Redraws | undefined {
  return redrawsOfTables(patients, tables, redraws);
}

/** The pipeline of a unit. With few training rows a site may be lost: a point of the learning curve is no reason to end a study. */
function pipelineOf(
  { pipeline }: WorkerSetup,
  { classifier }: Arm,
  { trainShare }: Unit,
): PipelineConfig {
  const config = withClassifier(pipeline, classifier);
  if (trainShare === undefined || config.harmonise === undefined) return config;
  return { ...config, harmonise: { ...config.harmonise, unknownSite: 'pass' } };
}

/** Hash of a table's ids, names and values, and of its labels: two arms of equal hash give equal numbers. */
export function hashOfArm(arm: Arm): string {
  const hash = createHash('sha256');
  const { patients, columns } = tableOf(arm);
  hash.update(canonicalJson([patients, columns.map(({ name }) => name)]));
  for (const { values } of columns) {
    hash.update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  }
  hash.update(arm.labels);
  for (const [name, values] of redrawsOfArm(arm)?.columns ?? []) {
    hash.update(name);
    hash.update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  }
  if (arm.sites !== undefined) hash.update(canonicalJson(plainSites(arm.sites)));
  return hash.digest('hex');
}

function plainSites({ sites, covariates }: RowSites) {
  return {
    sites: sites.map((site) => site ?? null),
    covariates: covariates.map(({ name, values }) => [
      name,
      Array.from<number | string | undefined>(values).map((value) => value ?? null),
    ]),
  };
}

/** Hash of everything that determines a unit's result: rows, settings and code. */
export function keyOfUnit(unit: Unit, armHash: string, setup: WorkerSetup, code: string): string {
  const { classifier } = setup.arms[unit.arm];
  return sha256(
    canonicalJson({
      armHash,
      code,
      // Under `auto` and `native` the same settings may mean another library tomorrow.
      engine: setup.engine,
      name: unit.name,
      partition: unit.partition,
      permuted: unit.permutedLabels === undefined ? null : Array.from(unit.permutedLabels),
      pipeline: withClassifier(setup.pipeline, classifier),
      seed: setup.seed,
    }),
  );
}

/** Hash of the code that makes numbers from tables: part of every unit's key. */
export function codeHash(): string {
  return hashOfModules(['runtime/random-stream', 'table', 'learning', 'evaluation']);
}

/** Hash of the code that makes tables from scans. */
export function extractionCodeHash(): string {
  return hashOfModules(['runtime/random-stream', 'imaging', 'radiomics', 'deep', 'features']);
}
