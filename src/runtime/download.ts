import {
  createReadStream,
  createWriteStream,
  existsSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { NacreError } from './errors.ts';
import { sha256OfFile } from './hash.ts';
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
    result = await fetchInto(file, part, options);
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

async function fetchInto(
  file: RemoteFile,
  part: string,
  options: DownloadOptions,
): Promise<DownloadResult> {
  const have = existsSync(part) ? statSync(part).size : 0;
  let response: Response;
  try {
    response = await fetchSecurely(file.url, {
      // Ask for uncompressed bytes: compression in transit would change the checksum and the meaning of a range.
      headers: {
        'accept-encoding': 'identity',
        ...(have > 0 ? { range: `bytes=${have}-` } : {}),
      },
      ...(options.signal ? { signal: options.signal } : {}),
    });
  } catch (cause) {
    if (cause instanceof NacreError) throw cause;
    throw failed(file, part, describeCause(cause), cause);
  }
  const refuse = async (fault: NacreError): Promise<never> => {
    await response.body?.cancel();
    throw fault;
  };
  // 416: the partial file is already complete (or longer, which the checksum detects).
  if (response.status === 416 && have > 0) {
    await response.body?.cancel();
    return 'resumed';
  }
  if (!response.ok || response.body === null) {
    return refuse(failed(file, part, `HTTP ${response.status}`));
  }
  const resumed = response.status === 206;
  const range = response.headers.get('content-range');
  if (resumed && !(have > 0 && range?.startsWith(`bytes ${have}-`))) {
    return refuse(failed(file, part, `a part that was not asked for (content-range ${range})`));
  }
  const length = Number(response.headers.get('content-length') ?? Number.NaN);
  const start = resumed ? have : 0;
  const total = Number.isFinite(length) ? start + length : file.bytes;
  const limit = file.bytes;
  let done = start;
  const meter = new Transform({
    transform(chunk: Buffer, _encoding, next) {
      done += chunk.length;
      if (limit !== undefined && done > limit) {
        next(failed(file, part, `more than ${limit} bytes`));
        return;
      }
      options.onProgress?.(done, total);
      next(null, chunk);
    },
  });
  const sink = createWriteStream(part, { flags: resumed ? 'a' : 'w' });
  try {
    const body = Readable.fromWeb(response.body as import('node:stream/web').ReadableStream);
    await pipeline(body, meter, sink);
  } catch (cause) {
    // The pipeline may fail before its last write ends. Wait for it, or the next try measures a file that still grows.
    if (!sink.closed) await new Promise<void>((closed) => sink.once('close', () => closed()));
    if (cause instanceof NacreError) {
      rmSync(part, { force: true });
      throw cause;
    }
    throw failed(file, part, describeCause(cause), cause);
  }
  // A server that declared no length may close early: the received bytes are kept and the next run resumes.
  if (limit !== undefined && done < limit) {
    throw failed(file, part, `${done} of ${limit} bytes`);
  }
  return resumed ? 'resumed' : 'downloaded';
}

/** Follows redirects one at a time, so that no request leaves over an address that is not secure. */
async function fetchSecurely(address: string, init: RequestInit): Promise<Response> {
  let at = address;
  for (let hops = 0; hops <= 10; hops++) {
    requireSecure(at);
    const response = await fetch(at, { ...init, redirect: 'manual' });
    const location = response.headers.get('location');
    if (response.status < 300 || response.status >= 400 || location === null) return response;
    await response.body?.cancel();
    at = new URL(location, at).href;
  }
  throw new Error('more than 10 redirects');
}

/** Downloads go over TLS; plain http is for a server on this machine (tests). */
function requireSecure(address: string): void {
  const url = new URL(address);
  const loopback = ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname);
  if (url.protocol === 'https:' || (url.protocol === 'http:' && loopback)) return;
  throw new NacreError('insecure-address', 'the address is not https', {
    found: url.protocol,
    expected: 'https:',
    todo: `correct the address ${address}`,
  });
}

function describeCause(cause: unknown): string {
  const error = cause as Error & { cause?: Error & { code?: string } };
  // Where both addresses of a host refuse, Node's cause has a code and no message.
  return error.cause?.message || error.cause?.code || error.message;
}

function failed(file: RemoteFile, part: string, found: string, cause?: unknown): NacreError {
  return new NacreError('download-failed', `cannot download ${file.url}`, {
    file: part,
    found,
    expected: 'the whole file',
    todo: 'run the same command again: it resumes where it stopped (or use --mirror DIR)',
    cause,
  });
}

async function mismatch(path: string, file: RemoteFile, todo: string): Promise<NacreError> {
  return new NacreError('checksum-mismatch', 'checksum differs', {
    file: path,
    found: `sha256 ${await sha256OfFile(path)} (${statSync(path).size} bytes)`,
    expected: `sha256 ${file.sha256}${file.bytes === undefined ? '' : ` (${file.bytes} bytes)`}`,
    todo,
  });
}
