import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { RandomStream } from '../../src/runtime/random-stream.ts';
import { bytesOf, doneWork } from './done-work.ts';
import {
  type Bench,
  copyOfWhole,
  done,
  type Fault,
  refusedAs,
  runAgain,
  type Trial,
  takeSome,
} from './fault.ts';
import { type Place, startStudy } from './subject.ts';

const mount = (...words: string[]) => execFileSync('mount', words, { stdio: 'pipe' });

/** Mounting is root's, and some containers forbid it even to root. */
function cannotMount(): string | undefined {
  if (process.getuid?.() !== 0) return 'not root: a file system cannot be mounted';
  try {
    execFileSync('unshare', ['-m', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt'], { stdio: 'pipe' });
    return undefined;
  } catch {
    return 'this machine lets nobody mount a file system';
  }
}

/** A small file system of its own under a folder, for as long as the trial takes. */
async function onDisk(folder: string, size: string, trial: () => Promise<Trial>): Promise<Trial> {
  mkdirSync(folder, { recursive: true });
  mount('-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', folder);
  try {
    return await trial();
  } finally {
    execFileSync('umount', [folder]);
  }
}

export const fullDisk: Fault = {
  name: 'disk full',
  what: 'run folder or unit cache (in turn) on a tmpfs that is full after a random number of files',
  skip: cannotMount,
  trial: async (bench, place, stream, number) => {
    copyOfWhole(bench, place, { units: false });
    const folder = number % 2 === 0 ? place.run : join(place.cache, 'units');
    // The run folder holds some thirty files, the cache a hundred; each takes a page at least.
    const pages = number % 2 === 0 ? stream.integer(1, 30) : stream.integer(1, 90);
    return onDisk(folder, `${4 * pages}k`, async () => {
      const ended = await startStudy(bench.subject, place).ended;
      const before = doneWork(place);
      const problems = ended.code === 0 ? [] : refusedAs(ended, /cannot write \(ENOSPC\)/);
      mount('-o', 'remount,size=64m', folder);
      problems.push(...(await runAgain(bench, place, before)));
      return { struck: ended.code !== 0, problems, kept: done(before), said: said(ended.stderr) };
    });
  },
};

export const readOnly: Fault = {
  name: 'read-only folder',
  what: 'run folder or unit cache (in turn) mounted read-only, with a random share of the work done; the finished results of an earlier run in it',
  skip: cannotMount,
  trial: async (bench, place, stream, number) => {
    const folder = number % 2 === 0 ? place.run : join(place.cache, 'units');
    return onDisk(folder, '64m', () => readOnlyTrial(bench, place, folder, stream));
  },
};

async function readOnlyTrial(bench: Bench, place: Place, folder: string, stream: RandomStream) {
  copyOfWhole(bench, place, { units: false });
  cpSync(bench.whole.run, place.run, { recursive: true });
  cpSync(join(bench.whole.cache, 'units'), join(place.cache, 'units'), { recursive: true });
  takeSome(doneWork(place), stream, 0.2 + 0.6 * stream.next());
  mount('-o', 'remount,ro', folder);
  const before = doneWork(place);
  const ended = await startStudy(bench.subject, place).ended;
  const problems = refusedAs(ended, /cannot write \(EROFS\)/);
  if (bytesOf(place.run) !== bench.bytes) problems.push('earlier results were harmed');
  mount('-o', 'remount,rw', folder);
  problems.push(...(await runAgain(bench, place, before)));
  return { struck: ended.code === 3, problems, kept: done(before), said: said(ended.stderr) };
}

function said(stderr: string): string | undefined {
  return stderr.split('\n').find((line) => line.startsWith('nacre: '));
}
