import { AsyncLocalStorage } from 'node:async_hooks';
import { followTimers } from './follow-timers.ts';

/** Tracks which request the running code belongs to, through awaits and timers. */
export interface RunningContext<T> {
  /** Runs a cell: code that nobody else started belongs to it until the next cell. */
  run<R>(value: T, cell: () => R): R;
  /** Runs something short beside the cell, such as the answer to another request. */
  visit<R>(value: T, code: () => R): R;
  current(): T | undefined;
}

/**
 * Uses Node's AsyncLocalStorage from Node 24 on. Older versions track by hooks around each promise, and a cell that is ended
 * inside a hook would crash the kernel. There the timers are followed instead: what a timer starts belongs to the cell that
 * set it, and all other code to the last started cell.
 */
export function runningContext<T>(version = process.versions.node): RunningContext<T> {
  if (Number.parseInt(version, 10) >= 24) {
    const storage = new AsyncLocalStorage<T>();
    return {
      run: (value, cell) => storage.run(value, cell),
      visit: (value, code) => storage.run(value, code),
      current: () => storage.getStore(),
    };
  }
  let cellValue: T | undefined;
  let current: T | undefined;
  const { setImmediate: afterwards } = globalThis;
  let leaving = false;
  /** Until the loop's next turn: the microtasks of a timer's callback belong to it too. */
  const enter = (value: T | undefined) => {
    current = value;
    if (leaving) return;
    leaving = true;
    afterwards(() => {
      leaving = false;
      current = cellValue;
    });
  };
  followTimers({ capture: () => current, enter });
  return {
    run: (value, cell) => {
      cellValue = value;
      current = value;
      return cell();
    },
    visit: (value, code) => {
      enter(value);
      return code();
    },
    current: () => current,
  };
}
