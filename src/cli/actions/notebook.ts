import { mkdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { InvalidArgumentError } from 'commander';
import { readNotebook } from '../../notebook/notebook-file.ts';
import { parameterNames } from '../../notebook/parameters.ts';
import type { RunNotebookOptions } from '../../notebook/run-notebook.ts';
import type { SharedBrowser } from '../../report/static-export.ts';
import { unknownName } from '../../runtime/errors.ts';
import { startProgress } from '../../runtime/terminal/progress.ts';
import { defaultWorkers } from '../../runtime/worker-pool.ts';
import { exitCodes } from '../exit-codes.ts';

interface Options {
  parameter: Record<string, string>;
  check?: boolean;
  out?: string;
  outDir?: string;
  workers?: number;
  timeout: number;
  tolerance: number;
}

export async function run(files: string[], options: Options): Promise<void> {
  if (options.out !== undefined && files.length > 1) {
    throw new InvalidArgumentError('--out goes with one notebook; use --out-dir');
  }
  const settings = settingsOf(files, options);
  const progress = files.length > 1 ? startProgress('notebooks', files.length) : undefined;
  const failures: unknown[] = [];
  const workers = Math.floor(options.workers ?? defaultWorkers());
  const queue = files.map((file, i) => ({ file, settings: settings[i] }));
  const work = async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      try {
        await runOne(next.file, next.settings, progress === undefined);
      } catch (error) {
        failures.push(error);
      }
      progress?.tick(basename(next.file));
    }
  };
  const browser = files.length > 1 ? await browserForAll() : undefined;
  try {
    await Promise.all(Array.from({ length: Math.max(1, Math.min(workers, files.length)) }, work));
  } finally {
    await browser?.close();
    progress?.stop();
  }
  // Reports all errors but the last; the last ends the command and sets the exit code.
  for (const error of failures.slice(0, -1)) {
    process.stderr.write(`nacre: ${(error as Error).message}\n`);
  }
  if (failures.length > 0) throw failures[failures.length - 1];
}

/** One browser draws the pictures of all notebooks; none where pictures are not drawn on this machine. */
async function browserForAll(): Promise<SharedBrowser | undefined> {
  const { shareBrowser, whyNoPictures } = await import('../../report/static-export.ts');
  if (process.env.NACRE_BROWSER || whyNoPictures() !== undefined) return undefined;
  const browser = await shareBrowser();
  process.env.NACRE_BROWSER = browser.address;
  return {
    address: browser.address,
    close: () => {
      delete process.env.NACRE_BROWSER;
      return browser.close();
    },
  };
}

async function runOne(file: string, settings: RunNotebookOptions, alone: boolean): Promise<void> {
  // ZeroMQ is native code: only this command loads it.
  const { runNotebook } = await import('../../notebook/run-notebook.ts');
  let progress: ReturnType<typeof startProgress> | undefined;
  const onCell = (_done: number, total: number) => {
    progress ??= startProgress(file, total);
    progress.tick();
  };
  const started = performance.now();
  try {
    const { drifts } = await runNotebook(file, alone ? { ...settings, onCell } : settings);
    for (const { cell, saved, fresh } of drifts) {
      process.stdout.write(`${file} cell ${cell}:\n  saved …${saved}…\n  fresh …${fresh}…\n`);
    }
    if (drifts.length > 0) process.exitCode = exitCodes.someFailed;
    const verdict = settings.check ? `${drifts.length} differences` : 'executed and saved';
    const seconds = ((performance.now() - started) / 1000).toFixed(0);
    process.stdout.write(`${file}: ${verdict} (${seconds} s)\n`);
  } finally {
    progress?.stop();
  }
}

/** Options of each notebook. With several notebooks, each receives only the parameters that it declares. */
function settingsOf(files: readonly string[], options: Options): RunNotebookOptions[] {
  const { parameter: set, outDir, out } = options;
  const known = files.map((file) => (files.length > 1 ? namesIn(file) : []));
  for (const name of Object.keys(set)) {
    if (files.length === 1 || known.some((names) => names.includes(name))) continue;
    throw unknownName('none of the notebooks has such a parameter', name, known.flat(), {});
  }
  if (outDir !== undefined) mkdirSync(outDir, { recursive: true });
  return files.map((file, i) => ({
    set:
      files.length > 1
        ? Object.fromEntries(Object.entries(set).filter(([name]) => known[i].includes(name)))
        : set,
    check: options.check,
    out: outDir === undefined ? out : join(outDir, basename(file)),
    timeoutSeconds: options.timeout,
    tolerance: options.tolerance,
  }));
}

/** Parameters of a notebook; none if it cannot be read, because its run reports that error. */
function namesIn(file: string): string[] {
  try {
    return parameterNames(readNotebook(file));
  } catch {
    return [];
  }
}
