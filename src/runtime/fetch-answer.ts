import { isNacreError, NacreError } from './errors.ts';
import { describeCause, fetchSecurely, shownAddress } from './fetch-securely.ts';
import {
  defaultPatience,
  isPassing,
  type Patience,
  retryAfter,
  waitBeforeTry,
  watchRate,
} from './patience.ts';

export interface AnswerOptions {
  /** Sent as JSON by POST. Absent: GET. */
  body?: unknown;
  headers?: Readonly<Record<string, string>> | undefined;
  signal?: AbortSignal | undefined;
  /** Longest answer, bytes. Default 64 MiB. */
  most?: number | undefined;
  /** Tries in all. Default 5. */
  tries?: number | undefined;
  waitSeconds?: number | undefined;
  /** Default: some bytes in each minute. */
  patience?: Patience | undefined;
}

/** A short answer of a service: a list, a description. */
export interface Answer {
  status: number;
  text: string;
}

/**
 * Asks a service and reads its answer whole, up to a bound. Busy and faulty servers are asked again; any other answer is returned
 * with its status.
 *
 * @throws NacreError `download-failed`, `insecure-address`
 */
export async function fetchAnswer(url: string, options: AnswerOptions = {}): Promise<Answer> {
  const { tries = 5, waitSeconds = 1, signal } = options;
  for (let tried = 1; ; tried++) {
    let fault: NacreError;
    let asked: number | undefined;
    try {
      const answer = await askOnce(url, options);
      if (!isPassing(answer.status)) return answer;
      asked = answer.retryAfter;
      fault = failed(url, `HTTP ${answer.status}`);
    } catch (error) {
      if (!isNacreError(error, 'download-failed')) throw error;
      fault = error;
    }
    if (signal?.aborted || tried >= tries) throw fault;
    await waitBeforeTry(tried, { waitSeconds, asked, signal });
  }
}

async function askOnce(
  url: string,
  {
    body,
    headers,
    signal,
    most = 64 * 1024 * 1024,
    patience = { ...defaultPatience, bytes: 1 },
  }: AnswerOptions,
): Promise<Answer & { retryAfter: number | undefined }> {
  const watch = watchRate({ patience, signal });
  try {
    const response = await fetchSecurely(url, {
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
      signal: watch.signal,
    });
    const pieces: Uint8Array[] = [];
    let bytes = 0;
    for await (const piece of response.body ?? []) {
      bytes += piece.length;
      watch.count(piece.length);
      if (bytes > most) throw failed(url, `an answer of more than ${most} bytes`);
      pieces.push(piece);
    }
    const text = Buffer.concat(pieces).toString('utf8');
    return { status: response.status, text, retryAfter: retryAfter(response) };
  } catch (cause) {
    if (cause instanceof NacreError) throw cause;
    // The cause is left out: it may quote what was sent.
    throw failed(url, watch.tooSlow() ?? describeCause(cause));
  } finally {
    watch.stop();
  }
}

function failed(url: string, found: string): NacreError {
  return new NacreError('download-failed', `no answer from ${shownAddress(url)}`, {
    found,
    expected: 'the answer of the archive',
    todo: 'run the same command again later',
  });
}
