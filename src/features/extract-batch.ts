import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { hashOfImage } from '../imaging/read-volume.ts';
import { RadiomicsExtractor } from '../radiomics/extractor.ts';
import type { RadiomicsSettings } from '../radiomics/parameter-file.ts';
import { settingsHash } from '../radiomics/parameter-file.ts';
import { codeHash } from '../runtime/code-hash.ts';
import { canonicalJson, sha256 } from '../runtime/hash.ts';
import { type Progress, silentProgress } from '../runtime/terminal/progress.ts';
import { nacreVersion } from '../runtime/version.ts';
import { mapInWorkers, workerModule } from '../runtime/worker-pool.ts';
import { makeFolder, writeWhole } from '../runtime/write-whole.ts';
import { caseName, type RadiomicsCase } from './radiomics-case.ts';
import {
  extractCase,
  type RadiomicsOutcome,
  type RadiomicsRegion,
  type RadiomicsSetup,
  type RadiomicsTask,
} from './radiomics-worker.ts';

export interface ExtractBatchOptions {
  /** Which region is measured. Default: the label of the mask. */
  region?: RadiomicsRegion | undefined;
  /** Worker threads. Default 1. No number depends on it. */
  workers?: number | undefined;
  /** Folder in which every finished case is kept, by the hash of its files, label, settings and of nacre's code. */
  keep?: string | undefined;
  /** Take finished cases from `keep` instead of computing them again. Default false. */
  resume?: boolean | undefined;
  /** Makes the progress display, told how many cases there are and how many were taken over. */
  progress?: ((total: number, already: number) => Progress) | undefined;
  /** Aborting keeps all finished cases. */
  signal?: AbortSignal | undefined;
}

/**
 * Extracts a batch of cases on worker threads. Outcomes come in the order of the cases; a case that fails has its
 * failure in its outcome and stops nothing.
 */
export async function extractBatch(
  cases: readonly RadiomicsCase[],
  settings: RadiomicsSettings,
  { workers = 1, keep, resume = false, progress, signal, region }: ExtractBatchOptions = {},
): Promise<RadiomicsOutcome[]> {
  const outcomes: (RadiomicsOutcome | undefined)[] = new Array(cases.length).fill(undefined);
  const code = keep === undefined ? '' : codeOfRadiomics();
  const setup: RadiomicsSetup = { settings, region };
  if (keep !== undefined) {
    makeFolder(keep);
    if (resume) {
      for (const [i, one] of cases.entries()) {
        const hashes = await hashesOf(one);
        outcomes[i] = hashes && kept(keep, keyOf(one, hashes, setup, code));
      }
    }
  }
  const pending = cases.flatMap((_, i) => (outcomes[i] === undefined ? [i] : []));
  const display =
    pending.length > 0 ? progress?.(cases.length, cases.length - pending.length) : undefined;
  const { tick, stop } = display ?? silentProgress;
  try {
    const onDone = (outcome: RadiomicsOutcome, _task: RadiomicsTask, at: number) => {
      const i = pending[at];
      outcomes[i] = outcome;
      // Failures are tried again: a file may have been corrected. The key is that of the bytes that were decoded, which
      // the file may no longer hold.
      if (keep !== undefined && outcome.sha256 !== undefined && outcome.failures.length === 0) {
        keepWhole(keep, keyOf(cases[i], outcome.sha256, setup, code), outcome);
      }
      tick(caseName(cases[i]));
    };
    if (workers > 1) pending.sort((a, b) => fileBytes(cases[b]) - fileBytes(cases[a]) || a - b);
    const tasks = pending.map((i) => taskOf(cases[i]));
    if (Math.min(workers, tasks.length) > 1) {
      await mapInWorkers<RadiomicsTask, RadiomicsOutcome>(
        workerModule(import.meta.url, './radiomics-worker'),
        tasks,
        { workers, setup, signal, onDone },
      );
    } else {
      const extractor = new RadiomicsExtractor(settings);
      for (const [at, task] of tasks.entries()) {
        onDone(await extractCase(extractor, task, region), task, at);
        // Lets a signal in between two cases.
        await new Promise((resolve) => setImmediate(resolve));
        signal?.throwIfAborted();
      }
    }
  } finally {
    stop();
  }
  return outcomes as RadiomicsOutcome[];
}

function taskOf({ image, mask, label, patient, row }: RadiomicsCase): RadiomicsTask {
  const line = patient === undefined && row > 0 ? row : undefined;
  return { image, mask, label, patient, row: line };
}

/** Hash of the code that makes numbers from a scan and a mask. */
function codeOfRadiomics(): string {
  return codeHash(['imaging', 'radiomics', 'features/radiomics-worker', 'features/lost-features']);
}

/** Large cases go first, so that no worker is left with one when the others have done; 0 for files that are not there. */
function fileBytes({ image, mask }: RadiomicsCase): number {
  return [image, mask].reduce(
    (sum, file) => sum + (statSync(file, { throwIfNoEntry: false })?.size ?? 0),
    0,
  );
}

/** Undefined where a file cannot be read: the worker reports why. */
async function hashesOf({
  image,
  mask,
}: RadiomicsCase): Promise<{ image: string; mask: string } | undefined> {
  try {
    return { image: await hashOfImage(image), mask: await hashOfImage(mask, 'mask') };
  } catch {
    return undefined;
  }
}

/** Hash of all that decides a case's numbers. */
function keyOf(
  { label }: RadiomicsCase,
  files: { image: string; mask: string },
  { settings, region = {} }: RadiomicsSetup,
  code: string,
): string {
  return sha256(
    canonicalJson({
      files,
      label: label ?? null,
      region,
      settings: settingsHash(settings),
      nacre: nacreVersion(),
      code,
    }),
  );
}

/** With its hash, which an entry that was damaged since does not meet. */
function keepWhole(folder: string, key: string, outcome: RadiomicsOutcome): void {
  const stored = { outcome, sha256: sha256(JSON.stringify(outcome)) };
  writeWhole(join(folder, `${key}.json`), JSON.stringify(stored));
}

/** Undefined where it was never finished, or is damaged. */
function kept(folder: string, key: string): RadiomicsOutcome | undefined {
  try {
    const stored = JSON.parse(readFileSync(join(folder, `${key}.json`), 'utf8')) as {
      outcome: RadiomicsOutcome;
      sha256: string;
    };
    const whole = stored.sha256 === sha256(JSON.stringify(stored.outcome));
    return whole ? stored.outcome : undefined;
  } catch {
    return undefined;
  }
}
