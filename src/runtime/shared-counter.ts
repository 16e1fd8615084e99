/** The next number of a counter that threads share, from 0: each number goes to one of them. */
export function takeNext(counter: SharedArrayBuffer): number {
  return Atomics.add(new Int32Array(counter), 0, 1);
}

/** Lets the counter stand at `number`: nobody takes one below it any more. */
export function skipTo(counter: SharedArrayBuffer, number: number): void {
  Atomics.store(new Int32Array(counter), 0, number);
}
