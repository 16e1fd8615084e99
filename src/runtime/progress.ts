export interface Progress {
  /** One more unit is done; `what` names it (a patient, a partition). */
  tick(what?: string): void;
  stop(): void;
}

/** Prints nothing: for libraries, tests and pipes. */
export const silentProgress: Progress = { tick() {}, stop() {} };
