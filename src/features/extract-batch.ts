import { statSync } from 'node:fs';
import { hashOfImage } from '../machine/read-volume.ts';
import { RadiomicsExtractor } from '../radiomics/extractor.ts';
import type { RadiomicsSettings } from '../radiomics/parameter-file.ts';
import { settingsHash } from '../radiomics/settings-hash.ts';
import { codeHash } from '../runtime/code-hash.ts';
import { canonicalJson, sha256 } from '../runtime/hash.ts';
import type { Progress } from '../runtime/progress.ts';
import { ResultStore } from '../runtime/result-store.ts';
import { nacreVersion } from '../runtime/version.ts';
import { workerModule } from '../runtime/worker-thread.ts';
import { makeFolder } from '../runtime/write-whole.ts';
import { type RadiomicsCase, taskOf } from './radiomics-case.ts';
import {
  extractCase,
  type RadiomicsOutcome,
  type RadiomicsRegion,
  type RadiomicsRow,
  type RadiomicsSetup,
} from './radiomics-worker.ts';
import { type CaseTask, runCases } from './run-cases.ts';

export interface ExtractBatchOptions {
  /** The region to measure. Default: the label of the mask. */
  region?: RadiomicsRegion | undefined;
  /** Worker threads. Default 1. No number depends on it. */
  workers?: number | undefined;
  /** Folder in which every finished case is kept, by the hash of its files, label, settings and of nacre's code. */
  keep?: string | undefined;
  /** Take finished cases from `keep` instead of computing them again. Default false. */
  resume?: boolean | undefined;
  /** Makes the progress display, given how many cases there are and how many were taken over. */
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
  const code = keep === undefined ? '' : codeOfRadiomics();
  const extractor = new RadiomicsExtractor(settings);
  const setup: RadiomicsSetup = { settings: extractor.settings, region };
  const store = keep === undefined ? undefined : new ResultStore<RadiomicsOutcome>(keep);
  if (keep !== undefined) makeFolder(keep);
  const before = new Map<number, RadiomicsOutcome>();
  if (store !== undefined && resume) {
    for (const [i, one] of cases.entries()) {
      const hashes = await hashesOf(one);
      const key = hashes && keyOf(one, hashes, setup, code);
      const kept = key && store.read(`${key}.json`, key);
      if (kept) before.set(i, kept.result);
    }
  }
  return runCases<CaseTask, RadiomicsRow>(
    cases.map(taskOf),
    {
      module: workerModule(import.meta.url, './radiomics-worker'),
      setup,
      here: async () => ({ work: (task) => extractCase(extractor, task, region) }),
      // Most batches take seconds, of which a thread needs the first to load its modules: this one has.
      takesPart: true,
    },
    {
      ...{ workers, progress, signal },
      kept: (i) => before.get(i),
      keep: (i, outcome) => {
        // Failures are tried again: a file may have been corrected. The key is that of the bytes that were decoded, which
        // the file may no longer hold.
        if (outcome.sha256 === undefined || outcome.failures.length > 0) return;
        const key = keyOf(cases[i], outcome.sha256, setup, code);
        store?.write(`${key}.json`, key, outcome);
      },
      // Large cases go first, so that no worker is left with one when the others have done.
      compare: workers > 1 ? (a, b) => fileBytes(b) - fileBytes(a) : undefined,
    },
  );
}

/** Hash of the code that makes numbers from a scan and a mask. */
function codeOfRadiomics(): string {
  return codeHash(['imaging', 'radiomics', 'features/radiomics-worker', 'features/lost-features']);
}

/** Size of both files; 0 for files that are not there. */
function fileBytes({ image, mask }: CaseTask): number {
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
