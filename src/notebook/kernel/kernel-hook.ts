import type { Comms } from './comms.ts';

/** What a running kernel offers to the code of its cells. */
export interface KernelHook {
  /** Sends `display_data`, or with `update` its update: a whole MIME bundle in one output. */
  display(content: DisplayContent, update: boolean): void;
  /** Removes the outputs of the running cell; with `wait` when the next one comes. */
  clearOutput(wait: boolean): void;
  comms: Comms;
}

export interface DisplayContent {
  data: Record<string, unknown>;
  metadata: Record<string, unknown>;
  transient?: { display_id?: string } | undefined;
}

const key = Symbol.for('nacre.notebook.kernel');

/** The kernel that runs this code; undefined in a script. */
export function kernelHook(): KernelHook | undefined {
  return (globalThis as Record<symbol, KernelHook | undefined>)[key];
}

/** Makes a kernel known to the code of its cells. */
export function setKernelHook(hook: KernelHook): void {
  (globalThis as Record<symbol, KernelHook | undefined>)[key] = hook;
}
