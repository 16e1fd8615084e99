import { randomBytes } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { NacreError } from './errors.ts';
import { stateOf, thisHost } from './running-process.ts';

/**
 * Writes a file whole or not at all: into a hidden sibling first, flushed to disk, then renamed over the target.
 * A crash leaves the old file (or none) and at most a `.name.*.part` file, never a half-written target.
 * Large files come as pieces, so that they need not be in memory at once.
 *
 * @throws NacreError `write-failed` when the disk is full or the folder read-only; the target is then unharmed.
 */
export function writeWhole(path: string, data: string | Uint8Array | Iterable<Uint8Array>): void {
  const part = partOf(path);
  try {
    makeFolder(dirname(path));
    writePieces(part, data, { flush: true });
    renameSync(part, path);
  } catch (cause) {
    removeQuietly(part);
    // Pieces are made while they are written: an error of their maker is not a write error.
    if (cause instanceof NacreError) throw cause;
    throw writeFailed(path, cause);
  }
}

/**
 * Writes a file that this process alone reads, and removes: not flushed to disk, which a crash leaves behind in any case.
 *
 * @throws NacreError `write-failed`
 */
export function writeScratch(path: string, data: Uint8Array | Iterable<Uint8Array>): void {
  try {
    makeFolder(dirname(path));
    writePieces(path, data, { flush: false });
  } catch (cause) {
    removeQuietly(path);
    throw cause instanceof NacreError ? cause : writeFailed(path, cause);
  }
}

function writePieces(
  path: string,
  data: string | Uint8Array | Iterable<Uint8Array>,
  { flush }: { flush: boolean },
): void {
  const file = openSync(path, 'wx');
  try {
    for (const bytes of piecesOf(data)) {
      for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
    }
    if (flush) fsyncSync(file);
  } finally {
    // On a network disk a full disk may be reported only here: it counts as a failed write.
    closeSync(file);
  }
}

/** Makes a folder and those above it; the first that was missing, or undefined. @throws NacreError `write-failed` */
export function makeFolder(path: string): string | undefined {
  try {
    return mkdirSync(path, { recursive: true });
  } catch (cause) {
    throw writeFailed(path, cause);
  }
}

/** Removes a path and ignores failure, so that cleanup never masks the original error. */
export function removeQuietly(path: string): void {
  try {
    rmSync(path, { force: true, recursive: true });
  } catch {
    // Another user owns the path, or the disk has become read-only.
  }
}

/** @returns NacreError `write-failed` */
export function writeFailed(path: string, cause: unknown): NacreError {
  const fault = cause as NodeJS.ErrnoException;
  return new NacreError('write-failed', `cannot write (${fault.code ?? fault.message})`, {
    file: path,
    expected: 'a writable folder with free space',
    todo: 'free some space or choose another folder; nothing was changed',
    cause,
  });
}

/** Path of a hidden sibling for an unfinished file. It contains the process number, and is never part of a result. */
export function partOf(path: string): string {
  const writer = `${thisHost()}~${process.pid}~${randomBytes(4).toString('hex')}`;
  return join(dirname(path), `.${basename(path)}.${writer}.part`);
}

/**
 * Removes what killed processes of this machine left unfinished in a folder and below. Files of living processes and of
 * other machines stay. A folder that cannot be read or cleaned is left as it is, since nothing reads those files.
 */
export function sweepParts(folder: string): void {
  let names: string[];
  try {
    names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  } catch {
    return;
  }
  for (const name of names) {
    const [, host, pid] = /\.([\w.-]+)~(\d+)~[0-9a-f]{8}\.part$/.exec(name) ?? [];
    // The host's name may contain dots; the text before it belongs to the file name.
    if (host === undefined || !(host === thisHost() || host.endsWith(`.${thisHost()}`))) continue;
    if (stateOf({ pid: Number(pid), host: thisHost() }) !== 'gone') continue;
    removeQuietly(join(folder, name));
  }
}

function piecesOf(data: string | Uint8Array | Iterable<Uint8Array>): Iterable<Uint8Array> {
  if (typeof data === 'string') return [Buffer.from(data, 'utf8')];
  return data instanceof Uint8Array ? [data] : data;
}
