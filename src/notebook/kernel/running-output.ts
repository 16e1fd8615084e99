import { AsyncLocalStorage } from 'node:async_hooks';

/** Tracks which request the running code belongs to, through awaits and timers. */
export interface RunningContext<T> {
  run<R>(value: T, code: () => R): R;
  current(): T | undefined;
}

/**
 * Uses Node's AsyncLocalStorage from Node 24 on. Older versions track by hooks around each promise, and a cell that is ended
 * inside a hook would crash the kernel. There the last started cell counts as the current one, so output of a timer of an
 * earlier cell appears below the latest cell.
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
