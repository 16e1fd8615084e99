import { createWriteStream, existsSync, rmSync, statSync } from 'node:fs';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { NacreError } from './errors.ts';
import { describeCause, fetchSecurely, shownAddress } from './fetch-securely.ts';
import { type Patience, retryAfter, watchRate } from './patience.ts';

/** What is to be received. */
export interface ReceivedFile {
  /** Public address (https), or http on a loopback host in tests. */
  url: string;
  /** Exact size; undefined where it is not known. */
  bytes?: number | undefined;
}

export interface ReceiveOptions {
  /** Sent to the host of the address alone, never to one that it redirects to. */
  headers?: Readonly<Record<string, string>> | undefined;
  /** Bytes so far and in total (undefined where the server declares no length). */
  onProgress?: ((done: number, total: number | undefined) => void) | undefined;
  signal?: AbortSignal | undefined;
  /** Default: no limit. */
  patience?: Patience | undefined;
}

/** A server that answered with a status that is no success. */
export class HttpRefusal extends NacreError {
  readonly status: number;
  /** Seconds that the server asks to wait, where it does. */
  readonly retryAfter: number | undefined;

  constructor(file: ReceivedFile, part: string, response: Response) {
    const { status } = response;
    super('download-failed', `cannot download ${shownAddress(file.url)}`, {
      file: part,
      found: `HTTP ${status}`,
      expected: 'the whole file',
      todo: 'run the same command again: it resumes where it stopped (or use --mirror DIR)',
    });
    this.status = status;
    this.retryAfter = retryAfter(response);
  }
}

/**
 * Receives a file into a partial one, from where that stops. Its hash is not checked here. What came is kept where the connection
 * breaks; where the answer cannot be this file (too long, another size, another range) nothing is kept.
 *
 * @throws NacreError `download-failed`, `insecure-address`
 */
export async function receive(
  file: ReceivedFile,
  part: string,
  options: ReceiveOptions = {},
): Promise<'downloaded' | 'resumed'> {
  const have = existsSync(part) ? statSync(part).size : 0;
  const watch = watchRate(options);
  let response: Response;
  try {
    response = await fetchSecurely(file.url, {
      // Ask for uncompressed bytes: compression in transit would change the checksum and the meaning of a range.
      headers: {
        'accept-encoding': 'identity',
        ...(have > 0 ? { range: `bytes=${have}-` } : {}),
        ...options.headers,
      },
      signal: watch.signal,
    });
  } catch (cause) {
    watch.stop();
    if (cause instanceof NacreError) throw cause;
    throw failed(file, part, watch.tooSlow() ?? describeCause(cause), { cause });
  }
  const refuse = async (fault: NacreError): Promise<never> => {
    watch.stop();
    await response.body?.cancel();
    throw fault;
  };
  // 416: the partial file is already complete (or longer, which the checksum detects).
  if (response.status === 416 && have > 0) {
    watch.stop();
    await response.body?.cancel();
    return 'resumed';
  }
  if (!response.ok || response.body === null) {
    return refuse(new HttpRefusal(file, part, response));
  }
  const resumed = response.status === 206;
  const range = response.headers.get('content-range');
  if (resumed && !(have > 0 && range?.startsWith(`bytes ${have}-`))) {
    return refuse(failed(file, part, `a part that was not asked for (content-range ${range})`));
  }
  const length = Number(response.headers.get('content-length') ?? Number.NaN);
  const start = resumed ? have : 0;
  if (file.bytes !== undefined && Number.isFinite(length) && start + length !== file.bytes) {
    const declared = start + length;
    const found = declared > file.bytes ? `more than ${file.bytes} bytes` : `${declared} bytes`;
    return refuse(failed(file, part, found, { expected: `${file.bytes} bytes` }));
  }
  const total = Number.isFinite(length) ? start + length : file.bytes;
  const limit = file.bytes;
  let done = start;
  const meter = new Transform({
    transform(chunk: Buffer, _encoding, next) {
      done += chunk.length;
      watch.count(chunk.length);
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
    throw failed(file, part, watch.tooSlow() ?? describeCause(cause), { cause });
  } finally {
    watch.stop();
  }
  // A server that declared no length may close early: the received bytes are kept and the next run resumes.
  if (limit !== undefined && done < limit) {
    throw failed(file, part, `${done} of ${limit} bytes`);
  }
  return resumed ? 'resumed' : 'downloaded';
}

function failed(
  file: ReceivedFile,
  part: string,
  found: string,
  { expected = 'the whole file', cause }: { expected?: string; cause?: unknown } = {},
): NacreError {
  return new NacreError('download-failed', `cannot download ${shownAddress(file.url)}`, {
    file: part,
    found,
    expected,
    todo: 'run the same command again: it resumes where it stopped (or use --mirror DIR)',
    cause,
  });
}
