/** `ours.ts`: one evaluation in a process of its own. */
export interface Ours {
  seconds: number;
  cpuSeconds: number;
  /** Highest resident memory (VmHWM). */
  peakMB: number;
  balancedAccuracy: number[];
  selected: string[][];
}

/** bench/peers/bench_scale.py. */
export interface Peer extends Omit<Ours, 'selected'> {
  /** Column numbers. */
  selected: number[][];
  readSeconds: number;
  versions: Record<string, string>;
}

/** `extraction.ts`. */
export interface Extracted {
  patients: number;
  seconds: number;
  cpuSeconds: number;
  units: number;
  columns: number;
  /** A patient. */
  unitBytes: number;
  scanBytes: number;
  peakMB: number;
}

interface Size {
  rows: number;
  columns: number;
  partitions: number;
}

/** `measured.json`: where every number of bench/scale.md that was measured here is born. */
export interface Measured {
  ours: (Ours & Size & { workers: number; booster: string; bytes: number })[];
  peer: Peer & Size;
  /** Absent where it was not measured. */
  extraction?: Extracted | undefined;
  /** Load average before and after. */
  load: number[];
}
