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
 * Takes a folder for this process; makes it where it is missing. A lock whose process is gone (killed, power cut) is taken
 * over, and with it the unfinished files it left are swept away. A lock of another machine or container is never guessed
 * at: the reader decides.
 *
 * @throws NacreError `folder-busy` where a living process holds it, `write-failed` where nothing can be written
 */
export function lockFolder(folder: string): FolderLock {
  const path = join(folder, lockName);
  const text = `${canonicalJson(thisProcess())}\n`;
  const made = makeFolder(folder) !== undefined;
  try {
    take(folder, path, text);
  } catch (error) {
    if (made) removeIfEmpty(folder);
    throw error;
  }
  sweepParts(folder);
  return {
    folder,
    release() {
      if (read(path) === text) removeQuietly(path);
      // A run that was refused before it wrote anything leaves no trace.
      if (made) removeIfEmpty(folder);
    },
  };
}

function take(folder: string, path: string, text: string): void {
  // Linked into place with its content: a lock is never seen empty.
  const whole = partOf(join(folder, 'lock'));
  try {
    writeWhole(whole, text);
  } catch (error) {
    // The lock itself is what people look for.
    throw writeFailed(path, (error as NacreError).cause);
  }
  try {
    for (let tries = 0; !linked(whole, path); tries++) {
      const there = read(path);
      // Released since; a lock that cannot be read stays.
      if (there === undefined && tries < 3) continue;
      const holder = there === undefined ? undefined : holderOf(there);
      if (there === undefined || tries >= 3 || isHeld(holder)) throw busy(path, holder);
      takeAway(path, there);
    }
  } finally {
    removeQuietly(whole);
  }
}

/** A lock that names nobody was never ours, or is damaged: nobody holds it. */
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

/** Removes the stale lock that was judged; one that another process has put there meanwhile goes back. */
function takeAway(path: string, judged: string): void {
  const aside = partOf(path);
  try {
    renameSync(path, aside);
    if (read(aside) !== judged) linked(aside, path);
  } catch {
    // Another process was quicker; the next round sees its lock.
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
    expected: 'one run a folder',
    todo: sure
      ? 'wait for it or choose another folder (--out)'
      : 'wait for it or choose another folder (--out); if nobody runs it any more, delete the file',
  });
}
