import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { NacreError } from './errors.ts';

/**
 * Writes a file whole or not at all: into a hidden sibling first, flushed to disk, then renamed over the target.
 * A crash leaves the old file (or none) and at most a `.name.*.part` file, never a half-written target.
 * Large files come as pieces, so that they need not be in memory at once.
 *
 * @throws NacreError `write-failed` when the disk is full or the folder read-only; the target is then unharmed.
 */
export function writeWhole(path: string, data: string | Uint8Array | Iterable<Uint8Array>): void {
  const folder = dirname(path);
  // The suffix only keeps two writers apart; it never reaches a result.
  const part = join(
    folder,
    `.${basename(path)}.${process.pid}-${randomBytes(4).toString('hex')}.part`,
  );
  let file: number | undefined;
  let made = false;
  try {
    mkdirSync(folder, { recursive: true });
    file = openSync(part, 'wx');
    made = true;
    for (const bytes of piecesOf(data)) {
      for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
    }
    fsyncSync(file);
    closeSync(file);
    file = undefined;
    renameSync(part, path);
  } catch (cause) {
    if (file !== undefined) closeSync(file);
    if (made) rmSync(part, { force: true });
    // Pieces are made while they are written: a refusal by their maker is not the disk's fault.
    if (cause instanceof NacreError) throw cause;
    const fault = cause as NodeJS.ErrnoException;
    throw new NacreError('write-failed', `cannot write (${fault.code ?? fault.message})`, {
      file: path,
      expected: 'a writable folder with free space',
      todo: 'free some space or choose another folder; nothing was changed',
      cause,
    });
  }
}

function piecesOf(data: string | Uint8Array | Iterable<Uint8Array>): Iterable<Uint8Array> {
  if (typeof data === 'string') return [Buffer.from(data, 'utf8')];
  return data instanceof Uint8Array ? [data] : data;
}
