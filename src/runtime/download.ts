import {
  createReadStream,
  createWriteStream,
  existsSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { NacreError } from './errors.ts';
import { sha256OfFile } from './hash-file.ts';
import { receive } from './receive.ts';
import { makeFolder, writeFailed } from './write-whole.ts';

/** A public file as a manifest names it. */
export interface RemoteFile {
  /** Public address (https), or http on a loopback host in tests. */
  url: string;
  /** Lower-case hex. */
  sha256: string;
  /** Exact size; undefined where the publisher's size is not known. */
  bytes?: number | undefined;
}

export interface DownloadOptions {
  /** A local folder that holds a copy under the same file name: read instead of the network. */
  mirror?: string | undefined;
  /** File name in the mirror, relative to it. Default: the target's own name. */
  mirrorName?: string | undefined;
  /** Bytes so far and in total (undefined where the server declares no length). */
  onProgress?: (done: number, total: number | undefined) => void;
  signal?: AbortSignal | undefined;
}

export type DownloadResult = 'present' | 'copied' | 'downloaded' | 'resumed';

/**
 * Brings a public file to `target`, verified by SHA-256. Resumes a partial download (`target.part`) with an HTTP
 * Range request; a file already there with the right hash is left alone. The target appears only after its hash is verified.
 *
 * @throws NacreError `checksum-mismatch`, `download-failed`, `insecure-address`, `file-missing`, `write-failed`
 */
export async function download(
  file: RemoteFile,
  target: string,
  options: DownloadOptions = {},
): Promise<DownloadResult> {
  if (existsSync(target)) {
    if ((await sha256OfFile(target)) === file.sha256) return 'present';
    if (options.mirror === undefined) {
      throw await mismatch(target, file, 'delete or move it, then fetch again');
    }
  }
  makeFolder(dirname(target));
  const part = `${target}.part`;
  let result: DownloadResult;
  if (options.mirror !== undefined) {
    await copyFromMirror(options.mirror, options.mirrorName ?? basename(target), part, file);
    result = 'copied';
  } else {
    result = await receive(file, part, options);
  }
  if ((await sha256OfFile(part)) !== file.sha256) {
    const error = await mismatch(
      part,
      file,
      'the partial file was removed; check the source, then fetch again',
    );
    rmSync(part, { force: true });
    throw error;
  }
  renameSync(part, target);
  return result;
}

async function copyFromMirror(
  mirror: string,
  name: string,
  part: string,
  file: RemoteFile,
): Promise<void> {
  const source = join(mirror, name);
  if (!existsSync(source) || !statSync(source).isFile()) {
    throw new NacreError('file-missing', 'the mirror does not hold the file', {
      file: source,
      expected: `a copy of ${file.url}`,
      todo: 'point --mirror at the folder that holds it, or leave --mirror out to download',
    });
  }
  try {
    await pipeline(createReadStream(source), createWriteStream(part));
  } catch (cause) {
    rmSync(part, { force: true });
    throw writeFailed(part, cause);
  }
}

async function mismatch(path: string, file: RemoteFile, todo: string): Promise<NacreError> {
  return new NacreError('checksum-mismatch', 'checksum differs', {
    file: path,
    found: `sha256 ${await sha256OfFile(path)} (${statSync(path).size} bytes)`,
    expected: `sha256 ${file.sha256}${file.bytes === undefined ? '' : ` (${file.bytes} bytes)`}`,
    todo,
  });
}
