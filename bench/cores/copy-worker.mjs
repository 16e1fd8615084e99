import { parentPort, workerData } from 'node:worker_threads';

/** Copies an array larger than any cache so many times, once all threads are ready. Plain JavaScript: a bare worker has no TypeScript loader. */
const { barrier, threads, megabytes, times } = workerData;
const length = (megabytes * 2 ** 20) / 8;
const [source, target] = [new Float64Array(length).fill(1), new Float64Array(length).fill(2)];
Atomics.add(barrier, 0, 1);
Atomics.notify(barrier, 0);
for (let ready = Atomics.load(barrier, 0); ready < threads + 1; ready = Atomics.load(barrier, 0)) {
  Atomics.wait(barrier, 0, ready, 100);
}
for (let i = 0; i < times; i++) target.set(source);
parentPort?.postMessage(target[length - 1]);
