import { workerData } from 'node:worker_threads';
import { type ErrorRecord, errorRecord, NacreError } from './errors.ts';

/** Data that `mapInWorkers` passes to each worker once. */
export interface WorkerData {
  /** Address of the module whose default export does the work. */
  module: string;
  setup: unknown;
}

/** Answer of a worker: the result, or its error as data. */
export type WorkerAnswer<O> = { output: O } | { refused: ErrorRecord };

const { module } = workerData as WorkerData;
const { default: work } = (await import(module)) as {
  default: (input: unknown) => unknown;
};

/** The entry of every worker thread: runs the module's task and keeps code and facts of its errors. */
export default async function answer(input: unknown): Promise<WorkerAnswer<unknown>> {
  try {
    return { output: await work(input) };
  } catch (error) {
    if (error instanceof NacreError) return { refused: errorRecord(error) };
    throw error;
  }
}
