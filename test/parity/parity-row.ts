/** One number of ours beside the published one. */
export interface ParityRow {
  /** The comparison it belongs to: `ibsi1 digital phantom`, `pyradiomics baselines`. */
  suite: string;
  /** Configuration or patient: `brain1_resampling`, `3D merged`, `resnet18 64³`. */
  case: string;
  /** What is compared: the feature's name, or the layer, or the response map. */
  item: string;
  /** IBSI code, where there is one. */
  code?: string;
  ours: number;
  reference: number;
  /** As text, for the table: `1e-6 relative`, `0.06`. */
  tolerance: string;
  /** The reference gives each value a tolerance of its own; the table of cases then names none. */
  ownTolerance?: boolean;
  ok: boolean;
  /** Why a row that is not `ok` is as it is; printed beside it. */
  note?: string;
}

/** What `compare()` gives: rows, and the share of them that must be `ok` where that is not all. */
export interface ParityReport {
  rows: ParityRow[];
  /**
   * Smallest share of `ok` rows with which the suite passes, 0 to 1. Below 1 each miss must still carry a `note`
   * with its reason. Default 1.
   */
  required?: number;
  /** Lines printed under the table: counts, versions, what was left out and why. */
  remarks?: string[];
}

/** A suite whose references or tools are absent: the runner prints the reason and goes on. */
export class SuiteSkipped extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = 'SuiteSkipped';
  }
}

/** What a suite file default-exports (or its rows alone). Throw `SuiteSkipped` where it cannot run. */
export type Compare = () => Promise<ParityReport | ParityRow[]>;

/** |ours - reference| / |reference|; where the reference is 0, |ours|; 0 where both are NaN. */
export function relativeDifference(ours: number, reference: number): number {
  if (Number.isNaN(ours) && Number.isNaN(reference)) return 0;
  if (ours === reference) return 0;
  const difference = Math.abs(ours - reference);
  return reference === 0 ? difference : difference / Math.abs(reference);
}
