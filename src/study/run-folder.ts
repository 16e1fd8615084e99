import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Assumption, type AssumptionEntry, assumptionsOf } from '../runtime/assumptions.ts';
import { NacreError } from '../runtime/errors.ts';
import { canonicalJson } from '../runtime/hash.ts';
import { parseJson } from '../runtime/read-json.ts';
import { writeWhole } from '../runtime/write-whole.ts';
import type { StudyResults } from './results.ts';

/** The files of a run folder, by what they are. */
export const runFiles = {
  config: 'config.yaml',
  features: 'features',
  redraws: 'redraws',
  perturbation: 'perturbation.parquet',
  partitions: 'partitions.json',
  predictions: 'predictions.parquet',
  /** What moved the predictions: runs of earlier versions have none. */
  contributions: 'contributions.parquet',
  results: 'results.json',
  assumptions: 'assumptions.json',
  provenance: 'provenance.json',
  units: 'units',
  figures: 'figures',
  report: 'report.html',
} as const;

/** One side of one partition: its patients, and a hash by which a reviewer checks it without the list. */
export interface PartitionSide {
  patients: string[];
  positives: number;
  /** SHA-256 over the sorted patient ids joined by line feeds. */
  sha256: string;
}

export interface RecordedPartition {
  index: number;
  seed: number;
  train: PartitionSide;
  test: PartitionSide;
}

/** `partitions.json`: endpoint to its partitions. */
export type RecordedPartitions = Record<string, RecordedPartition[]>;

/** `provenance.json`: versions, hashes and machine, by which a number is traced back. The only data file that differs between reruns. */
export interface Provenance {
  nacre: string;
  node: string;
  gitCommit: string | undefined;
  gitDirty: boolean | undefined;
  /** Hash of the modules that turn tables into numbers. */
  codeSha256?: string | undefined;
  /** Hash of the modules that turn scans into tables, where the study extracts. */
  extractionCodeSha256?: string | undefined;
  configSha256: string;
  seed: number;
  /** The booster that grew the trees, with its version; for a native booster also the loaded library. */
  booster?: { engine: string; library?: string | undefined } | undefined;
  /** Where the study was read from and its data lay, for `nacre reproduce`. */
  source?: RunSource | undefined;
  /** Networks that made features; with a seed: RANDOM weights; with a label: weights of the user's own. */
  networks?:
    | {
        extractor: string;
        sha256: string;
        randomSeed?: number | undefined;
        label?: string | undefined;
      }[]
    | undefined;
  inputs: { file: string; sha256: string }[];
  hardware: { platform: string; arch: string; cpu: string; cores: number; memoryGiB: number };
  packages: Record<string, string>;
  workers: number;
  /** Seconds, this invocation only (a resumed run computes less). */
  wallSeconds: number;
  unitsComputed: number;
  unitsReused: number;
  /** Extraction units, where the study extracts. */
  extraction?: { unitsComputed: number; unitsReused: number } | undefined;
}

/** Absolute paths. */
export interface RunSource {
  studyFile?: string | undefined;
  data?: string | undefined;
  mirror?: string | undefined;
}

export interface Run {
  folder: string;
  results: StudyResults;
  partitions: RecordedPartitions;
  provenance: Provenance;
  /** Assumptions of the run, sorted. */
  assumptions: readonly Assumption[];
}

/**
 * Reads a finished run folder.
 *
 * @throws NacreError `run-missing` where there is no finished run, `bad-json` where a file does not parse
 */
export function readRun(folder: string): Run {
  return {
    folder,
    results: readJson<StudyResults>(folder, runFiles.results),
    partitions: readJson<RecordedPartitions>(folder, runFiles.partitions),
    provenance: readJson<Provenance>(folder, runFiles.provenance),
    // Runs of earlier versions have none.
    assumptions: existsSync(join(folder, runFiles.assumptions))
      ? assumptionsOf(readJson<AssumptionEntry[]>(folder, runFiles.assumptions))
      : [],
  };
}

function readJson<T>(folder: string, name: string): T {
  const path = join(folder, name);
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    throw new NacreError('run-missing', 'no finished run here', {
      file: path,
      found: existsSync(folder) ? 'a folder without it' : 'no such folder',
      expected: `${name} of a finished run`,
      todo: 'run `nacre study STUDY.yaml --out FOLDER` first; an interrupted run resumes',
      cause,
    });
  }
  const todo = 'run the study again with the same --out: finished units are reused';
  return parseJson(text, { what: 'the file of the run', file: path, todo }) as T;
}

/**
 * Checks that files which were written into a run folder still exist. Writing creates missing folders, so without this
 * check a folder that was deleted during a run would silently lack its first files.
 *
 * @param names files and folders that belong to the run by now
 * @throws NacreError `file-changed`
 */
export function requireRunFiles(folder: string, names: readonly string[]): void {
  const missing = names.find((name) => !existsSync(join(folder, name)));
  if (missing === undefined) return;
  throw new NacreError(
    'file-changed',
    'the run folder was deleted or emptied while the run went on',
    {
      file: join(folder, missing),
      found: 'no such file, although the run had written it',
      expected: 'a folder that nobody else clears meanwhile',
      todo: 'run the same command again: what is missing is computed anew',
    },
  );
}

/** Writes JSON with sorted keys, so that the same content is the same bytes. */
export function writeJson(path: string, value: unknown): void {
  writeWhole(path, `${canonicalJson(value, 2)}\n`);
}

/** The feature tables of a run folder, sorted, as paths from the folder. */
export function featureFiles(folder: string): string[] {
  const features = join(folder, runFiles.features);
  if (!existsSync(features)) return [];
  return readdirSync(features)
    .filter((name) => !name.startsWith('.'))
    .sort()
    .map((name) => `${runFiles.features}/${name}`);
}
