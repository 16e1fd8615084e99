let setup: unknown;

/** For the entry of a worker thread: keeps what the pool handed over. */
export function provideSetup(given: unknown): void {
  setup = given;
}

/** Inside a worker: what `setup` handed over when the pool was made. */
export function workerSetup<T>(): T {
  return setup as T;
}
