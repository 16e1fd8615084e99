/** Something about a mask or its scan that a person should look at. */
export interface QualityFlag {
  /** Stable name for programs: `several-pieces`, `holes`, `volume-outlier` … */
  kind: string;
  /** A sentence with the measured value. */
  text: string;
  /** Orders the page; above 20 the flag is shown as severe. */
  score: number;
}

/** A flag and the place of its scan in the cohort. */
export interface FlagAt {
  at: number;
  flag: QualityFlag;
}
