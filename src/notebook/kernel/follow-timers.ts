import { createRequire, syncBuiltinESMExports } from 'node:module';
import { promisify } from 'node:util';

/** What a timer remembers of the code that sets it, and what happens before its callback. */
export interface TimerFollower<T> {
  capture(): T;
  enter(value: T): void;
}

type Callback = (...values: unknown[]) => unknown;
type SetTimer = ((callback: Callback, ...rest: unknown[]) => unknown) & {
  [promisify.custom]?: (...values: unknown[]) => Promise<unknown>;
};

/**
 * Makes the timers of this process remember who set them: `setTimeout`, `setInterval` and `setImmediate`, as globals and in
 * `node:timers`, and the promises of `node:timers/promises`.
 */
export function followTimers<T>({ capture, enter }: TimerFollower<T>): void {
  const require = createRequire(import.meta.url);
  const timers = require('node:timers') as Record<string, SetTimer>;
  const promises = require('node:timers/promises') as Record<string, Callback>;
  const resumed = (original: Callback): ((...values: unknown[]) => Promise<unknown>) => {
    return async (...values) => {
      const value = capture();
      try {
        return await original(...values);
      } finally {
        enter(value);
      }
    };
  };
  for (const name of ['setTimeout', 'setImmediate']) promises[name] = resumed(promises[name]);
  for (const name of ['setTimeout', 'setInterval', 'setImmediate']) {
    const original = timers[name];
    const followed: SetTimer = (callback, ...rest) => {
      // The original reports what is no function.
      if (typeof callback !== 'function') return original(callback, ...rest);
      const value = capture();
      const called = (...values: unknown[]) => {
        enter(value);
        return callback(...values);
      };
      return original(called, ...rest);
    };
    const custom = original[promisify.custom];
    if (custom !== undefined) followed[promisify.custom] = resumed(custom);
    timers[name] = followed;
    (globalThis as unknown as Record<string, SetTimer>)[name] = followed;
  }
  syncBuiltinESMExports();
}
