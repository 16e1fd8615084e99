import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DataOptions } from '../cohort/locate.ts';
import { readParquet } from '../machine/parquet.ts';
import { NacreError } from '../runtime/errors.ts';
import { sha256 } from '../runtime/hash.ts';
import { nacreVersion } from '../runtime/version.ts';
import { compareTables, type TableDifference } from './compare-tables.ts';
import { readStudyConfig } from './config.ts';
import { type PrepareCohortOptions, prepareCohort } from './prepare-cohort.ts';
import { gitState } from './provenance.ts';
import { featureFiles, type Provenance, readRun, runFiles } from './run-folder.ts';
import { type RunStudyOptions, runStudy } from './run-study.ts';
import { codeHash } from './units.ts';

export interface ReproduceOptions extends DataOptions {
  /** Empty folder for the second run. */
  within: string;
  /** Study file, whose folder a relative manifest path starts from. Default: where the run was read from. */
  studyFile?: string | undefined;
  /** Extraction cache. Default: a new one in `within`, so that every feature is computed again. */
  cache?: string | undefined;
  workers?: number | undefined;
  signal?: AbortSignal | undefined;
  progress?: RunStudyOptions['progress'];
  extractionProgress?: PrepareCohortOptions['progress'];
}

/** A file of the run beside the same file of the second run. */
export interface ComparedFile {
  file: string;
  /** SHA-256; undefined where the file is missing. */
  before: string | undefined;
  after: string | undefined;
  same: boolean;
  /** First byte that differs, from 0. */
  firstDifference?: number | undefined;
  /** For a feature table with other bytes: which columns differ, by how much, and whether rounding explains it. */
  values?: TableDifference | undefined;
}

export interface Reproduction {
  same: boolean;
  files: ComparedFile[];
  /** Changes of code or inputs since the run; if files differ, these are the likeliest cause. */
  changes: string[];
}

/**
 * Runs a finished study again from its `config.yaml` and compares every file that is promised to be the same bytes:
 * configuration, feature tables, partitions, predictions, results. `provenance.json` (times, machine), report and
 * figures (made from the others) are not compared.
 *
 * @throws NacreError `run-missing`, and what `prepareCohort` and `runStudy` throw
 */
export async function reproduce(
  folder: string,
  {
    within,
    cache,
    studyFile,
    data,
    mirror,
    pseudonymKey,
    workers,
    signal,
    ...shown
  }: ReproduceOptions,
): Promise<Reproduction> {
  const { provenance } = readRun(folder);
  const config = readStudyConfig(join(folder, runFiles.config));
  const { source } = provenance;
  const named = data !== undefined || mirror !== undefined;
  const { cohort, extracted } = await prepareCohort(config, {
    studyFile: studyFile ?? source?.studyFile,
    data: named ? data : source?.data,
    mirror: named ? mirror : source?.mirror,
    pseudonymKey,
    cache: cache ?? join(within, 'cache'),
    workers,
    signal,
    progress: shown.extractionProgress,
  });
  const again = join(within, 'run');
  const run = await runStudy(config, cohort, {
    out: again,
    workers,
    signal,
    extracted,
    progress: shown.progress,
  });
  const files = await Promise.all(
    [...new Set([...promised(folder), ...promised(again)])].map((file) =>
      compareFile(file, join(folder, file), join(again, file)),
    ),
  );
  return {
    same: files.every(({ same }) => same),
    files,
    changes: changesSince(provenance, run.provenance),
  };
}

/** Files of a run folder whose bytes are decided by data, configuration and seed. */
function promised(folder: string): string[] {
  const tables = featureFiles(folder);
  const { config, partitions, predictions, results, assumptions, contributions } = runFiles;
  const rest: string[] = [config, partitions, predictions, results];
  // Runs of earlier versions have none.
  for (const later of [assumptions, contributions]) {
    if (existsSync(join(folder, later))) rest.push(later);
  }
  return [...tables, ...rest];
}

async function compareFile(file: string, before: string, after: string): Promise<ComparedFile> {
  const read = (path: string) => (existsSync(path) ? readFileSync(path) : undefined);
  const [a, b] = [read(before), read(after)];
  const hashes = { before: a && sha256(a), after: b && sha256(b) };
  if (a === undefined || b === undefined) return { file, ...hashes, same: false };
  if (a.equals(b)) return { file, ...hashes, same: true };
  let at = 0;
  while (at < a.length && at < b.length && a[at] === b[at]) at++;
  const different = { file, ...hashes, same: false, firstDifference: at };
  if (!file.startsWith(`${runFiles.features}/`)) return different;
  // A damaged table cannot be read; then only the bytes are compared.
  const tables = await Promise.all([readParquet(before), readParquet(after)]).catch((error) => {
    if (error instanceof NacreError) return undefined;
    throw error;
  });
  return tables === undefined ? different : { ...different, values: compareTables(...tables) };
}

function changesSince(before: Provenance, after: Provenance): string[] {
  const changes: string[] = [];
  const version = nacreVersion();
  if (before.nacre !== version) changes.push(`nacre ${before.nacre} then, ${version} now`);
  const { gitCommit } = gitState();
  if (before.gitCommit !== gitCommit) {
    changes.push(`commit ${before.gitCommit ?? 'unknown'} then, ${gitCommit ?? 'unknown'} now`);
  }
  if (before.codeSha256 !== undefined && before.codeSha256 !== codeHash()) {
    changes.push('the code that turns tables into numbers is another');
  }
  if (before.extractionCodeSha256 !== after.extractionCodeSha256) {
    changes.push('the code that turns scans into tables is another');
  }
  const [engineThen, engineNow] = [before.booster?.engine, after.booster?.engine];
  if (engineThen !== undefined && engineThen !== engineNow) {
    changes.push(`booster ${engineThen} then, ${engineNow} now`);
  }
  if (before.node !== after.node) changes.push(`Node ${before.node} then, ${after.node} now`);
  const hashes = new Map(after.inputs.map(({ file, sha256: hash }) => [file, hash]));
  for (const { file, sha256: hash } of before.inputs) {
    const now = hashes.get(file);
    if (now === undefined) changes.push(`input ${file} was not read this time`);
    else if (now !== hash) changes.push(`input ${file} has other bytes`);
  }
  const known = new Set(before.inputs.map(({ file }) => file));
  for (const { file } of after.inputs) if (!known.has(file)) changes.push(`input ${file} is new`);
  return changes;
}
