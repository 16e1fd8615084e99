/** A whole number that threads share. */
export type SharedCounter = SharedArrayBuffer & { readonly byteLength: 4 };

/** A counter that stands at 0. */
export function sharedCounter(): SharedCounter {
  return new SharedArrayBuffer(4) as SharedCounter;
}

/** The next number, from 0: each number goes to one thread. */
export function takeNext(counter: SharedCounter): number {
  return Atomics.add(new Int32Array(counter), 0, 1);
}

/** Lets the counter stand at `number`: nobody takes one below it any more. */
export function skipTo(counter: SharedCounter, number: number): void {
  Atomics.store(new Int32Array(counter), 0, number);
}

/** Counts on, by one or by any whole number, and wakes those that wait for it. */
export function countOn(counter: SharedCounter, by = 1): void {
  const at = new Int32Array(counter);
  Atomics.add(at, 0, by);
  Atomics.notify(at, 0);
}

/** Holds this thread until the counter stands at `number` or above. */
export function waitUntil(counter: SharedCounter, number: number): void {
  const at = new Int32Array(counter);
  for (let stands = Atomics.load(at, 0); stands < number; stands = Atomics.load(at, 0)) {
    Atomics.wait(at, 0, stands);
  }
}
