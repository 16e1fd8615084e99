import { mapHere } from './map-here.ts';
import { type Progress, silentProgress } from './progress.ts';
import { mapInWorkers, type PoolOptions } from './worker-pool.ts';

/** Workers of the tasks. */
export type TaskWork<I, O> = {
  /** Handed to each worker once. */
  setup?: unknown;
} & (
  | {
      /** Worker module whose default export does one task. */
      module: URL;
      /** The same work on this thread, used for one worker; absent: one worker also gets its own thread. */
      here?: (() => Promise<TaskWorker<I, O>>) | undefined;
      /** Of several workers too, one is this thread (`PoolOptions.here`). Default false. */
      takesPart?: boolean | undefined;
    }
  | {
      /** Absent: all work is on this thread, for tasks whose threads are inside a library. */
      module?: undefined;
      takesPart?: undefined;
      here: () => Promise<TaskWorker<I, O>>;
    }
);

/** A worker on this thread. */
export interface TaskWorker<I, O> {
  work(input: I): O | Promise<O>;
  /** Called once, when all is done or something was thrown. */
  dispose?(): Promise<void>;
}

/** Does tasks on worker threads; one worker is this thread. Outputs come in the order of the inputs. */
export async function runTasks<I, O>(
  tasks: readonly I[],
  work: TaskWork<I, O>,
  options: Omit<PoolOptions<I, O>, 'setup' | 'workers'> & { workers: number },
): Promise<O[]> {
  if (tasks.length === 0) return [];
  const threads = Math.min(options.workers, tasks.length);
  const { module, setup } = work;
  if (module !== undefined && (work.here === undefined || (threads > 1 && !work.takesPart))) {
    return mapInWorkers(module, tasks, { ...options, setup });
  }
  const worker = await (work.here as () => Promise<TaskWorker<I, O>>)();
  const here = (task: I) => worker.work(task);
  try {
    return module !== undefined && threads > 1
      ? await mapInWorkers(module, tasks, { ...options, setup, here })
      : await mapHere(tasks, here, options);
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
  /** Units that a task counts for in the progress display; default 1. */
  unitsOf?: ((input: I) => number) | undefined;
  /** Units beside those of the tasks that an earlier run has finished; default 0. */
  finished?: number | undefined;
  /** Makes the progress display, from the number of units and the number that an earlier run has finished. */
  progress?: ((total: number, already: number) => Progress) | undefined;
}

/** Does the tasks that have no result of an earlier run. Returns all results in the order of the tasks. */
export async function runUnkept<I, O>(
  tasks: readonly I[],
  work: TaskWork<I, O>,
  {
    kept,
    keep,
    nameOf,
    compare,
    unitsOf = () => 1,
    finished = 0,
    progress,
    ...options
  }: RunUnkeptOptions<I, O>,
): Promise<{ outputs: O[]; computed: number }> {
  const outputs = tasks.map((_, index) => kept(index));
  const pending = tasks.flatMap((_, index) => (outputs[index] === undefined ? [index] : []));
  if (compare !== undefined) pending.sort((a, b) => compare(tasks[a], tasks[b]) || a - b);
  const total = tasks.reduce((sum, task) => sum + unitsOf(task), finished);
  const left = pending.reduce((sum, index) => sum + unitsOf(tasks[index]), 0);
  const display = pending.length > 0 ? progress?.(total, total - left) : undefined;
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
          for (let unit = 0; unit < unitsOf(task); unit++) tick(nameOf(task));
        },
      },
    );
  } finally {
    stop();
  }
  return { outputs: outputs as O[], computed: pending.length };
}
