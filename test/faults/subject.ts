import { execFileSync, spawn } from 'node:child_process';
import { cpSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compiledMain } from '../compiled-main.ts';

export const root = fileURLToPath(new URL('../../', import.meta.url));
export const study = fileURLToPath(new URL('./study.yaml', import.meta.url));

/** How nacre is started: the words before `study`. */
export interface Subject {
  command: string[];
}

/** As `npm run study` does: compiled in this checkout, and compiled anew only where the sources have changed. */
export function ofCheckout(): Subject {
  return { command: [compiledMain()] };
}

/** A compiled copy as npm installs it: edits of the source meanwhile change nothing. */
export function compiled(folder: string): Subject {
  mkdirSync(folder, { recursive: true });
  for (const name of ['package.json', 'data-manifests', 'models/medicalnet.json', 'studies']) {
    cpSync(join(root, name), join(folder, name), { recursive: true });
  }
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  const out = join(folder, 'dist');
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  const project = ['-p', join(root, 'tsconfig.build.json'), '--incremental', 'false'];
  execFileSync(process.execPath, [tsc, ...project, '--tsBuildInfoFile', 'null', '--outDir', out]);
  return { command: [join(out, 'cli/main.js')] };
}

export interface Ended {
  code: number | null;
  signal: NodeJS.Signals | null;
  stderr: string;
}

export interface Started {
  pid: number;
  kill(signal: NodeJS.Signals): void;
  ended: Promise<Ended>;
}

/** No run of the small study may take longer, however busy the machine: a hang is a fault of its own. */
const patience = 900_000;

export function start(
  words: readonly string[],
  environment: Record<string, string> = {},
  cwd: string = root,
): Started {
  const child = spawn(process.execPath, words, {
    cwd,
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let stderr = '';
  child.stderr.on('data', (piece) => {
    stderr += piece;
  });
  const ended = new Promise<Ended>((resolve, reject) => {
    const late = setTimeout(() => {
      child.kill('SIGKILL');
      reject(new Error(`a run did not end within ${patience / 1000} s: ${stderr}`));
    }, patience);
    child.on('close', (code, signal) => {
      clearTimeout(late);
      resolve({ code, signal, stderr });
    });
  });
  return { pid: child.pid as number, kill: (signal) => void child.kill(signal), ended };
}

export interface StudyOptions {
  /** Figures and report too. Default false. */
  report?: boolean;
  /** Words for Node (`NODE_OPTIONS`), which all its threads take. */
  node?: string;
}

/** `nacre study` on the small study, with two workers. */
export function startStudy(
  { command }: Subject,
  { cache, run }: Place,
  { report = false, node }: StudyOptions = {},
): Started {
  const words = [...command, 'study', study, '--out', run, '--workers', '2'];
  return start(report ? words : [...words, '--no-report'], {
    NACRE_CACHE: cache,
    ...(node === undefined ? {} : { NODE_OPTIONS: node }),
  });
}

/** Where a run keeps its work. */
export interface Place {
  cache: string;
  run: string;
}
