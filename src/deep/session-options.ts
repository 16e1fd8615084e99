import type { NoteAssumption } from '../runtime/assumptions.ts';

/** Where networks run. `auto`: the platform's own accelerator where it can be used, else the CPU. */
export const devices = ['cpu', 'auto', 'cuda', 'dml', 'coreml'] as const;
export type Device = (typeof devices)[number];

export interface SessionOptions {
  /** Default `cpu`. */
  device?: Device | undefined;
  /** Threads of one pass, 1 or more. Default: all cores. */
  threads?: number | undefined;
  /** Let onnxruntime write its own log to stderr. Default false: only the messages of nacre. */
  verbose?: boolean | undefined;
  /** Receives which device `auto` took where it is not the accelerator. */
  note?: NoteAssumption | undefined;
}
