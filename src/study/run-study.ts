import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import type { Cohort } from '../cohort/cohort.ts';
import { hashOfPatients } from '../evaluation/partitions.ts';
import type { ExtractedFeatures } from '../features/extract-cohort.ts';
import type { Partition } from '../learning/rows.ts';
import { writeParquet } from '../machine/parquet.ts';
import { assumptionEntries } from '../runtime/assumptions.ts';
import { NacreError } from '../runtime/errors.ts';
import { type FolderLock, lockFolder } from '../runtime/folder-lock.ts';
import type { Progress } from '../runtime/progress.ts';
import { nacreVersion } from '../runtime/version.ts';
import { defaultWorkers } from '../runtime/worker-pool.ts';
import { removeQuietly, writeWhole } from '../runtime/write-whole.ts';
import { configHash, type StudyConfig, studyConfigSchema } from './config.ts';
import { writeContributions } from './contributions.ts';
import {
  evaluateStudy,
  planStudy,
  type StudyEvaluation,
  type StudyPlan,
} from './evaluate-study.ts';
import { writePredictions } from './predictions.ts';
import { gitState, hardware, packageVersions } from './provenance.ts';
import { describeRedraws, writeRedraws } from './redraws.ts';
import {
  type Provenance,
  type RecordedPartition,
  type Run,
  type RunSource,
  readRun,
  requireRunFiles,
  runFiles,
  writeJson,
} from './run-folder.ts';
import { type Arm, codeHash, extractionCodeHash } from './units.ts';

export interface RunStudyOptions {
  /** Run folder; made where it is missing. An unfinished run of the same study in it is resumed. */
  out: string;
  /** Worker threads. Default: the machine's cores. No number of the run depends on it. */
  workers?: number | undefined;
  /** Old-generation heap of a worker, MiB. Default: Node's own. If a worker needs more, the run ends; finished units are kept. */
  heapMiB?: number | undefined;
  /** The lock of `out`, where the caller holds it already. */
  lock?: FolderLock | undefined;
  /** Replaces a run of another configuration that lies in `out`. Default false: refused. */
  overwrite?: boolean | undefined;
  /** Where study and data came from; kept in `provenance.json`. */
  source?: RunSource | undefined;
  /** Result of the extraction by `prepareCohort`; its networks and counts are kept in `provenance.json`. */
  extracted?: ExtractedFeatures | undefined;
  /** Makes the progress display, given how many units there are and how many an earlier run left done. */
  progress?: ((total: number, already: number) => Progress) | undefined;
  /** Aborting keeps all finished units; the same call resumes. */
  signal?: AbortSignal | undefined;
}

/**
 * Runs a study: for each endpoint ten partitions, for each feature set the whole pipeline refitted on the
 * training rows of every partition, and the permuted-label audit. Writes the run folder (see `run-folder.ts`);
 * `results.json`, `predictions.parquet`, `contributions.parquet`, `partitions.json`, `assumptions.json`, `config.yaml` and `features/` are the
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
  const workers = options.workers ?? defaultWorkers();
  requireOwnFolder(options.out, config, options.overwrite ?? false);
  const plan = await planStudy(config, cohort);
  const { sets, arms, partitions, units, booster } = plan;
  const before = configIn(options.out);
  if (before === undefined || configHash(before) !== configHash(config)) removeResults(options.out);
  writeWhole(join(options.out, runFiles.config), stringify(config, { lineWidth: 100 }));
  const used = new Set(sets.flatMap(({ blocks }) => blocks));
  const written: string[] = [runFiles.config];
  // The tables are written while the workers are at work.
  const {
    outcomes,
    results: evaluated,
    computed,
  } = await evaluateBeside(plan, { ...options, workers }, async () => {
    for (const [block, table] of Object.entries(cohort.blocks)) {
      if (!used.has(block)) continue;
      const name = join(runFiles.features, `${block}.parquet`);
      writeParquet(join(options.out, name), table);
      written.push(name);
      await new Promise((resolve) => setImmediate(resolve));
    }
    written.push(...writeRedraws(options.out, cohort.redraws, used));
  });
  requireRunFiles(options.out, written);
  const perturbation = describeRedraws(config, cohort, options.out);
  if (perturbation !== undefined) written.push(runFiles.perturbation);
  const results = { ...evaluated, ...(perturbation && { perturbation }) };

  const recorded = Object.fromEntries(
    config.endpoints.map((endpoint) => {
      const arm = arms.find((candidate) => candidate.endpoint === endpoint)!;
      return [endpoint, partitions.get(endpoint)!.map((p) => recordPartition(p, arm))];
    }),
  );
  writeJson(join(options.out, runFiles.partitions), recorded);
  writeJson(
    join(options.out, runFiles.assumptions),
    assumptionEntries(plan.cohort.assumptions ?? []),
  );
  writePredictions(join(options.out, runFiles.predictions), units, outcomes, arms);
  writeContributions(join(options.out, runFiles.contributions), units, outcomes, arms);
  writeJson(join(options.out, runFiles.results), results);
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
    networks: options.extracted?.networks.map(
      ({ extractor, sha256, randomSeed, label, checkpoint, onnx }) => ({
        extractor,
        sha256,
        randomSeed,
        ...((checkpoint ?? onnx) && { label }),
      }),
    ),
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
    // Files written since then must not look like a finished run.
    removeResults(options.out);
    throw error;
  }
  return readRun(options.out);
}

/** Evaluates a study, and does work of this thread meanwhile; where that fails, the evaluation is stopped first. */
async function evaluateBeside(
  plan: StudyPlan,
  { out, signal, workers, heapMiB, progress }: RunStudyOptions & { workers: number },
  work: () => Promise<void>,
): Promise<StudyEvaluation> {
  const stop = new AbortController();
  const evaluating = evaluateStudy(plan, {
    ...{ workers, heapMiB, progress, keep: join(out, runFiles.units) },
    signal: AbortSignal.any(signal === undefined ? [stop.signal] : [signal, stop.signal]),
  });
  const working = work().catch(async (error: unknown) => {
    stop.abort(error);
    await Promise.allSettled([evaluating]);
    throw error;
  });
  // What failed first is thrown: the evaluation that was stopped throws the reason of its stop.
  const [evaluation] = await Promise.all([evaluating, working]);
  return evaluation;
}

/**
 * Refuses a folder that holds a run of another configuration, unless it may be replaced. Called before the extraction, so
 * that the user does not wait for minutes first.
 *
 * @throws NacreError `run-differs`
 */
export function requireOwnFolder(folder: string, config: StudyConfig, overwrite: boolean): void {
  const file = join(folder, runFiles.config);
  if (overwrite || !existsSync(file)) return;
  const existing = configIn(folder);
  if (existing !== undefined && configHash(existing) === configHash(config)) return;
  throw new NacreError('run-differs', 'the folder holds a run of another configuration', {
    file,
    found: existing ? `${existing.id}, ${configHash(existing).slice(0, 12)}` : 'an unreadable one',
    expected: `${config.id}, ${configHash(config).slice(0, 12)}`,
    todo: 'choose another folder (--out) or replace that run (--overwrite)',
  });
}

/** Files that a run ends with. */
const resultFiles = [
  runFiles.results,
  runFiles.predictions,
  runFiles.contributions,
  runFiles.partitions,
  runFiles.assumptions,
  runFiles.provenance,
];

/** Deletes old results first, so that an interrupted run never leaves them beside the new configuration. */
function removeResults(folder: string): void {
  for (const name of [
    ...resultFiles,
    runFiles.perturbation,
    runFiles.redraws,
    runFiles.report,
    runFiles.figures,
  ]) {
    removeQuietly(join(folder, name));
  }
}

/** Undefined if the file is missing or cannot be read. */
function configIn(folder: string): StudyConfig | undefined {
  try {
    const text = readFileSync(join(folder, runFiles.config), 'utf8');
    return studyConfigSchema.safeParse(parse(text)).data;
  } catch {
    return undefined;
  }
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
