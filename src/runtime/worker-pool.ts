import { availableParallelism } from 'node:os';
import { extname } from 'node:path';
import { workerData } from 'node:worker_threads';
import { Piscina } from 'piscina';
import { errorFromRecord, NacreError } from './errors.ts';
import type { WorkerAnswer, WorkerData } from './worker-entry.ts';

export interface PoolOptions<I, O> {
  /** Worker threads; 1 or more. Default: the machine's cores. */
  workers?: number | undefined;
  /** Handed to every worker once, before its first task (`workerData` of piscina). */
  setup?: unknown;
  /** Old-generation heap of a worker in MiB. Default: Node's own. */
  heapMiB?: number | undefined;
  /** Called after each task, in the order in which tasks end. */
  onDone?: (output: O, input: I, index: number) => void;
  /** Stops handing out tasks when aborted, and ends the workers after their running tasks. */
  signal?: AbortSignal | undefined;
}

/**
 * The address of a worker module beside the caller: `workerModule(import.meta.url, './extract-worker')`.
 * Finds the `.ts` when run from source and the `.js` when run from `dist`.
 */
export function workerModule(here: string, relative: string): URL {
  return new URL(`${relative}${extname(new URL(here).pathname)}`, here);
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
  const threads = Math.max(1, Math.min(options.workers ?? defaultWorkers(), inputs.length));
  const entry = workerModule(import.meta.url, './worker-entry');
  const fromSource = [entry, module].some(({ pathname }) => pathname.endsWith('.ts'));
  const pool = new Piscina<I, WorkerAnswer<O>>({
    filename: entry.href,
    minThreads: threads,
    maxThreads: threads,
    // Idle threads wait for the next task instead of spinning on a core.
    atomics: 'disabled',
    workerData: { module: module.href, setup: options.setup } satisfies WorkerData,
    execArgv: fromSource ? ['--import', typescriptHooks()] : [],
    ...(options.heapMiB !== undefined
      ? { resourceLimits: { maxOldGenerationSizeMb: options.heapMiB } }
      : {}),
  });
  const outputs: O[] = new Array(inputs.length);
  let next = 0;
  let ended = 0;
  let idle = false;
  let fault: { error: unknown } | undefined;
  let patience: NodeJS.Timeout | undefined;
  let stop = () => {};
  const stopped = new Promise<void>((resolve) => {
    stop = () => {
      patience ??= setTimeout(resolve, patienceMs);
    };
  });
  const fail = (error: unknown) => {
    fault ??= { error };
    stop();
  };
  const { signal } = options;
  signal?.addEventListener('abort', stop, { once: true });
  // A worker that dies without a task is an error of the pool.
  pool.on('error', fail);
  const lane = async () => {
    while (next < inputs.length && fault === undefined && !signal?.aborted) {
      const index = next++;
      try {
        const answer = await pool.run(inputs[index]);
        if ('refused' in answer) throw errorFromRecord(answer.refused);
        const { output } = answer;
        outputs[index] = output;
        options.onDone?.(output, inputs[index], index);
        ended++;
      } catch (error) {
        fail(error);
      }
    }
  };
  try {
    // After a stop no task begins and running tasks may finish: ending a thread inside onnxruntime crashes the process.
    const lanes = Promise.all(Array.from({ length: threads }, lane)).then(() => {
      idle = true;
    });
    await Promise.race([lanes, stopped]);
    if (fault !== undefined) throw asThrown(fault.error);
    if (ended < inputs.length) throw signal?.reason;
    return outputs;
  } finally {
    clearTimeout(patience);
    signal?.removeEventListener('abort', stop);
    // Destroys on the next tick, so that the caller can report first.
    if (idle) await pool.destroy();
    else setImmediate(() => void pool.destroy());
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
  // Piscina's message for a thread that has ended: stopped from outside, or by a library within it.
  if (error.message.startsWith('worker exited with code')) {
    return new NacreError('worker-ended', 'a worker thread ended in the middle of its work', {
      found: error.message,
      expected: 'a result',
      todo: 'run the same command again: finished work is kept; should it come again, use fewer workers (--workers)',
      cause: error,
    });
  }
  return error;
}

/**
 * Module that a worker imports first when run from source. `--import tsx` alone registers only for `require` in a worker,
 * and a package that has no entry for `require` (nifti-reader-js) then fails; importing this module registers it for imports, too.
 */
function typescriptHooks(): string {
  const api = JSON.stringify(import.meta.resolve('tsx/esm/api'));
  const code = `import { register } from ${api}; register();`;
  return `data:text/javascript,${encodeURIComponent(code)}`;
}

/** Inside a worker: what `setup` handed over when the pool was made. */
export function workerSetup<T>(): T {
  return (workerData as WorkerData).setup as T;
}
