import { linkSync, mkdirSync, readFileSync, renameSync, rmdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { NacreError } from './errors.ts';
import { canonicalJson } from './hash.ts';
import { type RunningProcess, stateOf, thisProcess } from './running-process.ts';
import { partOf, sweepParts, writeFailed, writeWhole } from './write-whole.ts';

/** The right to write into a folder, held by one process at a time. */
export interface FolderLock {
  readonly folder: string;
  release(): void;
}

const lockName = '.lock';

/**
 * Takes a folder for this process; makes it where it is missing. A lock whose process is gone (killed, power cut) is taken
 * over, and with it the unfinished files it left are swept away. A lock of another machine or container is never guessed
 * at: the reader decides.
 *
 * @throws NacreError `folder-busy` where a living process holds it, `write-failed` where nothing can be written
 */
export function lockFolder(folder: string): FolderLock {
  const path = join(folder, lockName);
  const text = `${canonicalJson(thisProcess())}\n`;
  const made = make(folder);
  // Linked into place with its content: a lock is never seen empty.
  const whole = partOf(join(folder, 'lock'));
  writeWhole(whole, text);
  try {
    for (let tries = 0; !linked(whole, path); tries++) {
      const there = read(path);
      if (there === undefined) continue;
      const holder = holderOf(there);
      if (tries >= 3 || (holder !== undefined && stateOf(holder) !== 'gone')) {
        throw busy(path, holder);
      }
      takeAway(path, there);
    }
  } finally {
    rmSync(whole, { force: true });
  }
  sweepParts(folder);
  return {
    folder,
    release() {
      if (read(path) === text) rmSync(path, { force: true });
      // A run that was refused before it wrote anything leaves no trace.
      if (made) removeIfEmpty(folder);
    },
  };
}

function make(folder: string): boolean {
  try {
    return mkdirSync(folder, { recursive: true }) !== undefined;
  } catch (cause) {
    throw writeFailed(folder, cause);
  }
}

function linked(whole: string, path: string): boolean {
  try {
    linkSync(whole, path);
    return true;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw writeFailed(path, cause);
  }
}

/** Removes the stale lock that was judged; one that another process has put there meanwhile goes back. */
function takeAway(path: string, judged: string): void {
  const aside = partOf(path);
  try {
    renameSync(path, aside);
    if (read(aside) !== judged) linked(aside, path);
  } catch {
    // Another process was quicker; the next round sees its lock.
  }
  rmSync(aside, { force: true });
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

function holderOf(text: string): RunningProcess | undefined {
  try {
    const { pid, host, began } = JSON.parse(text) as RunningProcess;
    return Number.isInteger(pid) && pid > 0 ? { pid, host, began } : undefined;
  } catch {
    return undefined;
  }
}

function removeIfEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // Not empty: something was written.
  }
}

function busy(path: string, holder: RunningProcess | undefined): NacreError {
  const elsewhere = holder !== undefined && stateOf(holder) === 'unknown';
  return new NacreError('folder-busy', 'another run is writing into this folder', {
    file: path,
    found: holder === undefined ? 'a lock' : `process ${holder.pid} on ${holder.host}`,
    expected: 'one run a folder',
    todo: elsewhere
      ? 'wait for it or choose another folder (--out); if that machine no longer runs it, delete the file'
      : 'wait for it or choose another folder (--out)',
  });
}
