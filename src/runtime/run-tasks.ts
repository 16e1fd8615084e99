import { mapHere } from './map-here.ts';
import { type Progress, silentProgress } from './terminal/progress.ts';
import { mapInWorkers, type PoolOptions } from './worker-pool.ts';

/** Workers of the tasks. */
export interface TaskWork<I, O> {
  /** Worker module whose default export does one task. */
  module: URL;
  /** Handed to each worker once. */
  setup: unknown;
  /** The same work on this thread, used for one worker; absent: one worker also gets its own thread. */
  here?: (() => Promise<TaskWorker<I, O>>) | undefined;
}

/** A worker on this thread. */
export interface TaskWorker<I, O> {
  work(input: I): O | Promise<O>;
  /** Called once, when all is done or something was thrown. */
  dispose?(): Promise<void>;
}

export interface RunTasksOptions<I, O> extends Omit<PoolOptions<I, O>, 'setup' | 'workers'> {
  workers: number;
}

/** Does tasks on worker threads; one worker is this thread. Outputs come in the order of the inputs. */
export async function runTasks<I, O>(
  tasks: readonly I[],
  { module, setup, here }: TaskWork<I, O>,
  options: RunTasksOptions<I, O>,
): Promise<O[]> {
  if (tasks.length === 0) return [];
  if (here === undefined || Math.min(options.workers, tasks.length) > 1) {
    return mapInWorkers(module, tasks, { ...options, setup });
  }
  const worker = await here();
  try {
    return await mapHere(tasks, (task) => worker.work(task), options);
  } finally {
    await worker.dispose?.();
  }
}

export interface RunUnkeptOptions<I, O> {
  workers: number;
  heapMiB?: number | undefined;
  signal?: AbortSignal | undefined;
  /** The result of an earlier run, by number of the task. */
  kept: (index: number) => O | undefined;
  /** Keeps a new result. */
  keep: (index: number, output: O) => void;
  /** Name of a task in the progress display. */
  nameOf: (input: I) => string;
  /** Order in which tasks begin; default theirs. */
  compare?: ((a: I, b: I) => number) | undefined;
  /** Makes the progress display, from the number of tasks and the number that an earlier run has finished. */
  progress?: ((total: number, already: number) => Progress) | undefined;
}

/** Does the tasks that have no result of an earlier run. Returns all results in the order of the tasks. */
export async function runUnkept<I, O>(
  tasks: readonly I[],
  work: TaskWork<I, O>,
  { kept, keep, nameOf, compare, progress, ...options }: RunUnkeptOptions<I, O>,
): Promise<{ outputs: O[]; computed: number }> {
  const outputs = tasks.map((_, index) => kept(index));
  const pending = tasks.flatMap((_, index) => (outputs[index] === undefined ? [index] : []));
  if (compare !== undefined) pending.sort((a, b) => compare(tasks[a], tasks[b]) || a - b);
  const display =
    pending.length > 0 ? progress?.(tasks.length, tasks.length - pending.length) : undefined;
  const { tick, stop } = display ?? silentProgress;
  try {
    await runTasks(
      pending.map((index) => tasks[index]),
      work,
      {
        ...options,
        onDone: (output, task, at) => {
          outputs[pending[at]] = output;
          keep(pending[at], output);
          tick(nameOf(task));
        },
      },
    );
  } finally {
    stop();
  }
  return { outputs: outputs as O[], computed: pending.length };
}
