import { linkSync, readFileSync, renameSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { NacreError } from './errors.ts';
import { canonicalJson } from './hash.ts';
import { type RunningProcess, stateOf, thisProcess } from './running-process.ts';
import {
  makeFolder,
  partOf,
  removeQuietly,
  sweepParts,
  writeFailed,
  writeWhole,
} from './write-whole.ts';

/** The right to write into a folder, held by one process at a time. */
export interface FolderLock {
  readonly folder: string;
  release(): void;
}

const lockName = '.lock';

/**
 * Locks a folder for this process, and creates it where it is missing. A lock whose process is gone (killed, power cut) is taken
 * over, and its unfinished files are removed. A lock of another machine or container stays:
 * the user decides.
 *
 * @throws NacreError `folder-busy` where a living process holds it, `write-failed` where nothing can be written
 */
export function lockFolder(folder: string): FolderLock {
  const path = join(folder, lockName);
  const text = `${canonicalJson(thisProcess())}\n`;
  const isNewFolder = makeFolder(folder) !== undefined;
  try {
    take(folder, path, text);
  } catch (error) {
    if (isNewFolder) removeIfEmpty(folder);
    throw error;
  }
  sweepParts(folder);
  return {
    folder,
    release() {
      if (read(path) === text) removeQuietly(path);
      // A run that was refused before it wrote anything leaves no trace.
      if (isNewFolder) removeIfEmpty(folder);
    },
  };
}

function take(folder: string, path: string, text: string): void {
  // The file is linked into place with its content, so that no process sees an empty lock.
  const whole = partOf(join(folder, 'lock'));
  try {
    writeWhole(whole, text);
  } catch (error) {
    // The error names the lock, not the temporary file.
    throw writeFailed(path, (error as NacreError).cause);
  }
  try {
    for (let tries = 0; !linked(whole, path); tries++) {
      const content = read(path);
      // The lock was released meanwhile, so try again; a lock that cannot be read stays.
      if (content === undefined && tries < 3) continue;
      const holder = content === undefined ? undefined : holderOf(content);
      if (content === undefined || tries >= 3 || isHeld(holder)) throw busy(path, holder);
      removeStale(path, content);
    }
  } finally {
    removeQuietly(whole);
  }
}

/** True where the lock's process may still run. A lock that names no process is damaged or foreign: nobody holds it. */
function isHeld(holder: RunningProcess | undefined): boolean {
  return holder !== undefined && stateOf(holder) !== 'gone';
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

/** Removes a stale lock; a new lock that another process has written meanwhile is put back. */
function removeStale(path: string, stale: string): void {
  const aside = partOf(path);
  try {
    renameSync(path, aside);
    if (read(aside) !== stale) linked(aside, path);
  } catch {
    // Another process was faster; the next attempt reads its lock.
  }
  removeQuietly(aside);
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
  const sure = holder !== undefined && stateOf(holder) === 'alive';
  return new NacreError('folder-busy', 'another run is writing into this folder', {
    file: path,
    found: holder === undefined ? 'a lock' : `process ${holder.pid} on ${holder.host}`,
    expected: 'one run per folder',
    todo: sure
      ? 'wait for it or choose another folder (--out)'
      : 'wait for it or choose another folder (--out); if that run has ended, delete the file',
  });
}
