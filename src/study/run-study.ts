import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import type { Cohort } from '../cohort/cohort.ts';
import { permutedLabels } from '../evaluation/audit.ts';
import type { PartitionOutcome } from '../evaluation/evaluate-partition.ts';
import { hashOfPatients, stratifiedPartitions } from '../evaluation/partitions.ts';
import type { ExtractedFeatures } from '../features/extract-cohort.ts';
import type { Partition } from '../learning/rows.ts';
import { loadBooster } from '../learning/xgboost/load-booster.ts';
import { NacreError } from '../runtime/errors.ts';
import { type FolderLock, lockFolder } from '../runtime/folder-lock.ts';
import { type Progress, silentProgress } from '../runtime/terminal/progress.ts';
import { nacreVersion } from '../runtime/version.ts';
import { defaultWorkers, mapInWorkers, workerModule } from '../runtime/worker-pool.ts';
import { removeQuietly, writeWhole } from '../runtime/write-whole.ts';
import { writeParquet } from '../table/parquet.ts';
import { sharedTable } from '../table/shared-table.ts';
import { assembleResults } from './assemble-results.ts';
import { configHash, requireEndpoints, type StudyConfig, studyConfigSchema } from './config.ts';
import { namedPart, type ResolvedSet, resolveFeatureSets } from './feature-sets.ts';
import { writePredictions } from './predictions.ts';
import { gitState, hardware, packageVersions } from './provenance.ts';
import {
  type Provenance,
  type RecordedPartition,
  type Run,
  type RunSource,
  readRun,
  requireRunFiles,
  runFiles,
  UnitStore,
  writeJson,
} from './run-folder.ts';
import {
  type Arm,
  codeHash,
  extractionCodeHash,
  hashOfArm,
  keyOfUnit,
  type Unit,
  type WorkerSetup,
} from './units.ts';

export interface RunStudyOptions {
  /** Run folder; made where it is missing. An unfinished run of the same study in it is resumed. */
  out: string;
  /** Worker threads. Default: the machine's cores. No number of the run depends on it. */
  workers?: number | undefined;
  /** Old-generation heap of a worker, MiB. Default: Node's own. A worker that needs more ends the run; what was done is kept. */
  heapMiB?: number | undefined;
  /** The lock of `out`, where the caller holds it already. */
  lock?: FolderLock | undefined;
  /** Replaces a run of another configuration that lies in `out`. Default false: refused. */
  overwrite?: boolean | undefined;
  /** Where study and data came from; kept in `provenance.json`. */
  source?: RunSource | undefined;
  /** What `prepareCohort` extracted; its networks and counts are kept in `provenance.json`. */
  extracted?: ExtractedFeatures | undefined;
  /** Makes the progress display, told how many units there are and how many an earlier run left done. */
  progress?: ((total: number, already: number) => Progress) | undefined;
  /** Aborting keeps all finished units; the same call resumes. */
  signal?: AbortSignal | undefined;
}

/**
 * Runs a study: for each endpoint ten partitions, for each feature set the whole pipeline refitted on the
 * training rows of every partition, and the permuted-label audit. Writes the run folder (see `run-folder.ts`);
 * `results.json`, `predictions.parquet`, `partitions.json`, `assumptions.json`, `config.yaml` and `features/` are the
 * same bytes for
 * the same data, configuration and seed, whatever the number of workers and however often it was interrupted.
 *
 * @throws NacreError `unknown-name` (endpoint or block the cohort lacks), `run-differs`, `folder-busy` (another run writes
 *   into `out`), `one-class`, `too-few-of-a-class`, and what the pipeline refuses (infinite values and the like)
 */
export async function runStudy(
  config: StudyConfig,
  cohort: Cohort,
  options: RunStudyOptions,
): Promise<Run> {
  const lock = options.lock ?? lockFolder(options.out);
  try {
    return await runLocked(config, cohort, options);
  } finally {
    if (options.lock === undefined) lock.release();
  }
}

async function runLocked(
  config: StudyConfig,
  cohort: Cohort,
  options: RunStudyOptions,
): Promise<Run> {
  const started = performance.now();
  requireEndpoints(config);
  const workers = options.workers ?? defaultWorkers();
  requireOwnFolder(options.out, config, options.overwrite ?? false);
  const blocks = Object.fromEntries(
    Object.entries(cohort.blocks).map(([name, table]) => [name, sharedTable(table)]),
  );
  const sets = resolveFeatureSets(config, { id: cohort.id, blocks });
  const arms = config.endpoints.flatMap((endpoint) => armsOf(sets, cohort, endpoint));
  const partitions = new Map(
    arms.map(({ endpoint, labels }) => [endpoint, stratifiedPartitions(labels, config)]),
  );
  const units = arms.flatMap((arm, number) =>
    unitsOf(arm, number, partitions.get(arm.endpoint)!, config),
  );

  const booster = await loadBooster(config.pipeline.booster.implementation);
  const setup: WorkerSetup = {
    arms,
    pipeline: config.pipeline,
    seed: config.seed,
    engine: booster.name,
  };
  const before = configIn(options.out);
  if (before === undefined || configHash(before) !== configHash(config)) removeResults(options.out);
  writeWhole(join(options.out, runFiles.config), stringify(config, { lineWidth: 100 }));
  const used = new Set(sets.flatMap(({ blocks }) => blocks));
  const written: string[] = [runFiles.config];
  for (const [block, table] of Object.entries(cohort.blocks)) {
    if (!used.has(block)) continue;
    const name = join(runFiles.features, `${block}.parquet`);
    writeParquet(join(options.out, name), table);
    written.push(name);
  }
  const { outcomes, computed } = await runUnits(units, setup, workers, options);
  requireRunFiles(options.out, written);

  const recorded = Object.fromEntries(
    config.endpoints.map((endpoint) => {
      const arm = arms.find((candidate) => candidate.endpoint === endpoint)!;
      return [endpoint, partitions.get(endpoint)!.map((p) => recordPartition(p, arm))];
    }),
  );
  writeJson(join(options.out, runFiles.partitions), recorded);
  writeJson(join(options.out, runFiles.assumptions), cohort.assumptions ?? []);
  writePredictions(join(options.out, runFiles.predictions), units, outcomes, arms);
  writeJson(
    join(options.out, runFiles.results),
    assembleResults(config, cohort, arms, units, outcomes),
  );
  const provenance: Provenance = {
    nacre: nacreVersion(),
    node: process.version,
    ...gitState(),
    codeSha256: codeHash(),
    extractionCodeSha256: options.extracted && extractionCodeHash(),
    configSha256: configHash(config),
    seed: config.seed,
    booster: { engine: booster.name, library: booster.library },
    source: options.source,
    networks: options.extracted?.networks.map(({ extractor, sha256, randomSeed, label, own }) => ({
      extractor,
      sha256,
      randomSeed,
      ...(own && { label }),
    })),
    inputs: cohort.inputs,
    hardware: hardware(),
    packages: packageVersions(),
    workers,
    wallSeconds: Math.round((performance.now() - started) / 100) / 10,
    unitsComputed: computed,
    unitsReused: units.length - computed,
    extraction: options.extracted && {
      unitsComputed: options.extracted.unitsComputed,
      unitsReused: options.extracted.unitsReused,
    },
  };
  writeJson(join(options.out, runFiles.provenance), provenance);
  try {
    requireRunFiles(options.out, [...written, ...resultFiles]);
  } catch (error) {
    // What was written since then must not look like a finished run.
    removeResults(options.out);
    throw error;
  }
  return readRun(options.out);
}

/**
 * A folder holds one study: another configuration in it is refused unless it may be replaced. Asked before features are
 * extracted, it spares minutes.
 *
 * @throws NacreError `run-differs`
 */
export function requireOwnFolder(folder: string, config: StudyConfig, overwrite: boolean): void {
  const file = join(folder, runFiles.config);
  if (overwrite || !existsSync(file)) return;
  const there = configIn(folder);
  if (there !== undefined && configHash(there) === configHash(config)) return;
  throw new NacreError('run-differs', 'the folder holds a run of another configuration', {
    file,
    found: there ? `${there.id}, ${configHash(there).slice(0, 12)}` : 'an unreadable one',
    expected: `${config.id}, ${configHash(config).slice(0, 12)}`,
    todo: 'choose another folder (--out) or replace that run (--overwrite)',
  });
}

const { results, predictions, partitions, assumptions, provenance, report, figures } = runFiles;

/** Files that a run ends with. */
const resultFiles = [results, predictions, partitions, assumptions, provenance];

/** Of a run that is replaced: should this one be killed, its configuration must not stand beside the numbers of that one. */
function removeResults(folder: string): void {
  for (const name of [...resultFiles, report, figures]) {
    removeQuietly(join(folder, name));
  }
}

/** Undefined where it is not there or cannot be read: a damaged file says nothing of its run. */
function configIn(folder: string): StudyConfig | undefined {
  try {
    const text = readFileSync(join(folder, runFiles.config), 'utf8');
    return studyConfigSchema.safeParse(parse(text)).data;
  } catch {
    return undefined;
  }
}

/** The candidate tables of one endpoint, a feature set each, all with the same labelled patients in the same order. */
function armsOf(sets: readonly ResolvedSet[], cohort: Cohort, endpoint: string): Arm[] {
  const outcome = namedPart(cohort.endpoints, endpoint, 'endpoint', cohort);
  const patients: string[] = [];
  const labels: number[] = [];
  cohort.patients.forEach((patient, row) => {
    if (outcome.labels[row] < 0) return;
    patients.push(patient);
    labels.push(outcome.labels[row]);
  });
  return sets.map(({ id, title, parts, tables }) => ({
    endpoint,
    featureSet: id,
    title,
    parts,
    patients,
    tables,
    labels: Uint8Array.from(labels),
  }));
}

function unitsOf(arm: Arm, number: number, partitions: Partition[], config: StudyConfig): Unit[] {
  const name = (what: string, partition: Partition) =>
    `${arm.endpoint}~${arm.featureSet}~${what}~${String(partition.index).padStart(3, '0')}`;
  const real: Unit[] = partitions.map((partition) => ({
    name: name('real', partition),
    arm: number,
    partition,
  }));
  const audited = config.audit.sets?.includes(arm.featureSet) ?? true;
  const audit = Array.from(
    { length: audited ? config.audit.permutations : 0 },
    (_, permutation) => {
      const labels = permutedLabels(arm.labels, config.seed, permutation);
      return stratifiedPartitions(labels, config).map((partition) => ({
        name: name(`permuted-${String(permutation).padStart(3, '0')}`, partition),
        arm: number,
        partition,
        permutedLabels: labels,
      }));
    },
  );
  return [...real, ...audit.flat()];
}

async function runUnits(
  units: readonly Unit[],
  setup: WorkerSetup,
  workers: number,
  { out, heapMiB, progress, signal }: RunStudyOptions,
): Promise<{ outcomes: PartitionOutcome[]; computed: number }> {
  const store = new UnitStore<PartitionOutcome>(out);
  const code = codeHash();
  const armHashes = setup.arms.map(hashOfArm);
  const keys = units.map((unit) => keyOfUnit(unit, armHashes[unit.arm], setup, code));
  const outcomes = units.map((unit, i) => store.read(unit.name, keys[i]));
  const pending = units.flatMap((_, i) => (outcomes[i] === undefined ? [i] : []));
  const display =
    pending.length > 0 ? progress?.(units.length, units.length - pending.length) : undefined;
  const { tick, stop } = display ?? silentProgress;
  try {
    await mapInWorkers<Unit, PartitionOutcome>(
      workerModule(import.meta.url, './unit-worker'),
      pending.map((i) => units[i]),
      {
        workers,
        heapMiB,
        setup,
        signal,
        onDone: (outcome, unit, at) => {
          store.write(unit.name, keys[pending[at]], outcome);
          outcomes[pending[at]] = outcome;
          tick(unit.name);
        },
      },
    );
  } finally {
    stop();
  }
  return { outcomes: outcomes as PartitionOutcome[], computed: pending.length };
}

function recordPartition({ index, seed, train, test }: Partition, arm: Arm): RecordedPartition {
  const side = (rows: readonly number[]) => {
    const patients = rows.map((row) => arm.patients[row]);
    return {
      patients,
      positives: rows.filter((row) => arm.labels[row] === 1).length,
      sha256: hashOfPatients(patients),
    };
  };
  return { index, seed, train: side(train), test: side(test) };
}
