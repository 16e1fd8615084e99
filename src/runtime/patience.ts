import { setTimeout as wait } from 'node:timers/promises';

/** A transfer must bring this many bytes in each stretch of time; a slower one is broken off, and resumed by the next try. */
export interface Patience {
  seconds: number;
  bytes: number;
}

/** 64 kB in each minute. */
export const defaultPatience: Patience = { seconds: 60, bytes: 65_536 };

/** Statuses after which the same request may succeed: too many requests, and faults of the server. */
export function isPassing(status: number): boolean {
  return status === 408 || status === 429 || status >= 500;
}

/** Seconds that a server asks to wait; undefined where it does not. */
export function retryAfter(response: Response): number | undefined {
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds : undefined;
}

const longestWait = 60;

/** Waits before the next try: as long as the server asked, else twice as long as the last time; a minute at most. */
export async function waitBeforeTry(
  tried: number,
  {
    waitSeconds,
    asked,
    signal,
  }: { waitSeconds: number; asked?: number | undefined; signal?: AbortSignal | undefined },
): Promise<void> {
  let doubled = waitSeconds;
  for (let i = 1; i < tried; i++) doubled *= 2;
  await wait(1000 * Math.min(longestWait, asked ?? doubled), undefined, { signal });
}

/** Breaks a transfer off when it is too slow, or when the caller's signal fires. */
export function watchRate({
  patience,
  signal,
}: {
  patience?: Patience | undefined;
  signal?: AbortSignal | undefined;
}) {
  const abort = new AbortController();
  const forward = () => abort.abort(signal?.reason);
  if (signal?.aborted) forward();
  signal?.addEventListener('abort', forward, { once: true });
  let bytes = 0;
  let slow = false;
  const timer =
    patience &&
    setInterval(() => {
      if (bytes < patience.bytes) {
        slow = true;
        abort.abort(new Error('too slow'));
      }
      bytes = 0;
    }, patience.seconds * 1000);
  return {
    signal: abort.signal,
    count: (more: number) => {
      bytes += more;
    },
    /** Why the transfer was broken off, where it was too slow. */
    tooSlow: () =>
      slow && patience
        ? `fewer than ${patience.bytes} bytes in ${patience.seconds} seconds`
        : undefined,
    stop: () => {
      clearInterval(timer);
      signal?.removeEventListener('abort', forward);
    },
  };
}
