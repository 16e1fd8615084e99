import { AsyncLocalStorage } from 'node:async_hooks';

/** Remembers on whose behalf code runs, through its awaits and timers. */
export interface RunningContext<T> {
  run<R>(value: T, code: () => R): R;
  current(): T | undefined;
}

/**
 * Node's own tracking, from Node 24 on. Before, Node tracks by hooks around each promise, and a kernel whose cell was
 * ended in the middle of one would fall over; there the last value that code was run with is the current one: what a
 * timer of an earlier cell prints appears below the latest.
 */
export function runningContext<T>(version = process.versions.node): RunningContext<T> {
  if (Number.parseInt(version, 10) >= 24) {
    const storage = new AsyncLocalStorage<T>();
    return { run: (value, code) => storage.run(value, code), current: () => storage.getStore() };
  }
  let current: T | undefined;
  return {
    run: (value, code) => {
      current = value;
      return code();
    },
    current: () => current,
  };
}
