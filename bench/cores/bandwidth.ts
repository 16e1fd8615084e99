import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

const megabytes = 128;
const times = 12;

/**
 * Gigabytes that a thread reads and writes in a CPU second while as many others do the same: CPU seconds, so that other programs
 * on the machine count only by the memory that they use.
 */
export async function bandwidthPerThread(threads: number): Promise<number> {
  const barrier = new Int32Array(new SharedArrayBuffer(4));
  const workers = Array.from(
    { length: threads },
    () =>
      new Worker(new URL('./copy-worker.mjs', import.meta.url), {
        workerData: { barrier, threads, megabytes, times },
        execArgv: [],
      }),
  );
  const done = Promise.all(workers.map((worker) => once(worker, 'message')));
  while (Atomics.load(barrier, 0) < threads) await new Promise((next) => setTimeout(next, 20));
  const before = process.cpuUsage();
  Atomics.add(barrier, 0, 1);
  Atomics.notify(barrier, 0);
  await done;
  const { user, system } = process.cpuUsage(before);
  await Promise.all(workers.map((worker) => worker.terminate()));
  const bytes = 2 * threads * times * megabytes * 2 ** 20;
  return bytes / 1e9 / ((user + system) / 1e6);
}
