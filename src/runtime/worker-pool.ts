import { availableParallelism } from 'node:os';
import type { Worker } from 'node:worker_threads';
import { errorFromRecord, NacreError } from './errors.ts';
import { countOn, type SharedCounter, sharedCounter, skipTo, takeNext } from './shared-counter.ts';
import type { WorkerData, WorkerReport } from './worker-entry.ts';
import { startThread } from './worker-thread.ts';

export interface PoolOptions<I, O> {
  /** Worker threads; 1 or more. Default: the machine's cores. */
  workers?: number | undefined;
  /**
   * The same work on this thread, which then is one of the workers: its modules are loaded already, where a further thread loads
   * its own. Signals wait for the task at hand.
   */
  here?: ((input: I) => O | Promise<O>) | undefined;
  /** Handed to every worker once, before its first task. */
  setup?: unknown;
  /** Old-generation heap of a worker in MiB. Default: Node's own. */
  heapMiB?: number | undefined;
  /** Called after each task, in the order in which tasks end. */
  onDone?: (output: O, input: I, index: number) => void;
  /** Stops handing out tasks when aborted, and ends the workers after their running tasks. */
  signal?: AbortSignal | undefined;
}

/** Worker threads to use when the user names no number. */
export function defaultWorkers(): number {
  return availableParallelism();
}

/**
 * Runs `module`'s default export over `inputs` on worker threads. Results come in the order of the inputs,
 * whatever the number of workers, so outputs do not depend on scheduling. The first task that throws ends the pool.
 */
export async function mapInWorkers<I, O>(
  module: URL,
  inputs: readonly I[],
  options: PoolOptions<I, O> = {},
): Promise<O[]> {
  if (inputs.length === 0) return [];
  const { signal, here } = options;
  if (signal?.aborted) throw signal.reason;
  const workers = Math.max(1, Math.min(options.workers ?? defaultWorkers(), inputs.length));
  const next = sharedCounter();
  const outputs: O[] = new Array(inputs.length);
  let ended = 0;
  let fault: { error: unknown } | undefined;
  let patience: NodeJS.Timeout | undefined;
  let giveUp = () => {};
  const stopped = new Promise<void>((resolve) => {
    giveUp = resolve;
  });
  // After a stop no task begins and running tasks may finish: ending a thread inside onnxruntime crashes the process.
  const stop = () => {
    skipTo(next, inputs.length);
    patience ??= setTimeout(giveUp, patienceMs);
  };
  const fail = (error: unknown) => {
    fault ??= { error };
    stop();
  };
  const done = (index: number, output: O) => {
    outputs[index] = output;
    ended++;
    try {
      options.onDone?.(output, inputs[index], index);
    } catch (error) {
      fail(error);
    }
  };
  const threads = Array.from({ length: here === undefined ? workers : workers - 1 }, () =>
    startThread(module, options.heapMiB),
  );
  const heard = threads.map(sharedCounter);
  const lanes = threads.map((thread, t) => {
    const ended = lane<O>(thread, heard[t], done, fail);
    const data: WorkerData = { setup: options.setup, inputs, next, heard: heard[t] };
    thread.postMessage(data);
    return ended;
  });
  signal?.addEventListener('abort', stop, { once: true });
  if (here !== undefined) {
    lanes.push(laneHere(inputs, next, unawaited(here, heard, inputs.length), done, fail));
  }
  let idle = false;
  try {
    await Promise.race([
      Promise.all(lanes).then(() => {
        idle = true;
      }),
      stopped,
    ]);
    if (fault !== undefined) throw asThrown(fault.error);
    if (ended < inputs.length) throw signal?.reason;
    return outputs;
  } finally {
    clearTimeout(patience);
    signal?.removeEventListener('abort', stop);
    const end = () => Promise.all(threads.map((thread) => thread.terminate()));
    // Destroys on the next tick, so that the caller can report first.
    if (idle) await end();
    else setImmediate(() => void end());
  }
}

/** The tasks of one worker thread. */
function lane<O>(
  thread: Worker,
  heard: SharedCounter,
  done: (index: number, output: O) => void,
  fail: (error: unknown) => void,
): Promise<void> {
  return new Promise((resolve) => {
    let isAtWork = true;
    const end = (error?: unknown) => {
      if (isAtWork && error !== undefined) fail(error);
      isAtWork = false;
      resolve();
    };
    thread.on('message', (report: WorkerReport<O>) => {
      if ('ended' in report) end();
      else if ('output' in report) done(report.index, report.output);
      else fail('refused' in report ? errorFromRecord(report.refused) : report.thrown);
      // Counted in the next turn of this thread: Node hands out messages as long as more come, and a signal only after them.
      setImmediate(countOn, heard);
    });
    thread.on('messageerror', fail);
    thread.on('error', end);
    thread.on('exit', (code) => end(new ThreadEnded(code)));
  });
}

/** The work of this thread, at which it hears nothing: the others, of `most` reports at most, do not wait for it then. */
function unawaited<I, O>(
  work: (input: I) => O | Promise<O>,
  heard: readonly SharedCounter[],
  most: number,
): (input: I) => Promise<O> {
  const letGo = (by: number) => {
    for (const one of heard) countOn(one, by);
  };
  return async (input) => {
    letGo(most);
    try {
      return await work(input);
    } finally {
      letGo(-most);
    }
  };
}

/** The tasks of this thread. Messages, signals and timers are handled between two of them. */
async function laneHere<I, O>(
  inputs: readonly I[],
  next: SharedCounter,
  work: (input: I) => O | Promise<O>,
  done: (index: number, output: O) => void,
  fail: (error: unknown) => void,
): Promise<void> {
  for (let index = takeNext(next); index < inputs.length; index = takeNext(next)) {
    try {
      done(index, await work(inputs[index]));
    } catch (error) {
      fail(error);
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** A thread that ended before its tasks did: stopped from outside, or by a library within it. */
class ThreadEnded extends Error {
  constructor(code: number) {
    super(`worker exited with code: ${code}`);
  }
}

/** How long running tasks may take to end when the pool is stopped, ms. Schedulers allow 30 s after SIGTERM. */
const patienceMs = 20_000;

/** Errors of the pool itself, in words for people. */
function asThrown(error: unknown): unknown {
  if (error instanceof NacreError || !(error instanceof Error)) return error;
  if ((error as NodeJS.ErrnoException).code === 'ERR_WORKER_OUT_OF_MEMORY') {
    return new NacreError('out-of-memory', 'a worker needs more memory than it may have', {
      found: error.message,
      todo: 'give it more (--max-old-space-size of node) or use fewer workers (--workers); finished work is kept',
      cause: error,
    });
  }
  if (error instanceof ThreadEnded) {
    return new NacreError('worker-ended', 'a worker thread ended in the middle of its work', {
      found: error.message,
      expected: 'a result',
      todo: 'run the same command again: finished work is kept; should it come again, use fewer workers (--workers)',
      cause: error,
    });
  }
  return error;
}
