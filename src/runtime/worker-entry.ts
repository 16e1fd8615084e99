import { once } from 'node:events';
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { keepCompiledCode } from './compile-cache.ts';
import { type ErrorRecord, errorRecord, NacreError } from './errors.ts';
import { type SharedCounter, takeNext, waitUntil } from './shared-counter.ts';
import { provideSetup } from './worker-setup.ts';

/** What a thread is started with: the module is loaded while its work is still being prepared. */
export interface ThreadStart {
  /** Address of the module whose default export does the work. */
  module: string;
}

/** Work that `mapInWorkers` sends to each thread once. */
export interface WorkerData {
  setup: unknown;
  inputs: readonly unknown[];
  /** Number of the next input that nobody has taken: one counter for all threads (`takeNext`). */
  next: SharedCounter;
  /** How many reports of this thread the pool has dealt with. */
  heard: SharedCounter;
}

/**
 * What a worker reports: the result of an input, its error as data where nacre refused it or as it was thrown, and last that
 * no input is left for it.
 */
export type WorkerReport<O> =
  | { index: number; output: O }
  | { index: number; refused: ErrorRecord }
  | { index: number; thrown: unknown }
  | { ended: true };

/**
 * Reports that a thread may be ahead of the pool, unless that is at a task of its own. More, and a stop would come too late where keeping a result takes longer than
 * making it (a slow disk), and what is made and not kept would be lost with the process.
 */
const reportsAhead = 16;

/**
 * The entry of every worker thread: does inputs until none is left. It takes them itself, so that no thread waits for another
 * to hand them out.
 */
async function work(port: MessagePort, { module }: ThreadStart): Promise<void> {
  const report = (one: WorkerReport<unknown>) => port.postMessage(one);
  const sent = once(port, 'message') as Promise<[WorkerData]>;
  keepCompiledCode();
  const { default: task } = (await import(module)) as { default: (input: unknown) => unknown };
  const [{ setup, inputs, next, heard }] = await sent;
  provideSetup(setup);
  for (let reports = 0; ; reports++) {
    waitUntil(heard, reports - reportsAhead + 1);
    const index = takeNext(next);
    if (index >= inputs.length) break;
    try {
      report({ index, output: await task(inputs[index]) });
    } catch (error) {
      if (error instanceof NacreError) report({ index, refused: errorRecord(error) });
      else report({ index, thrown: error });
    }
  }
  report({ ended: true });
}

await work(parentPort as MessagePort, workerData as ThreadStart);
