/** One line of the chart: partitions drawn under one choice. */
export interface Draw {
  title: string;
  leaky: boolean;
  values: number[];
  aucs: number[];
  testToTrain: number;
  /** Patients of each class. */
  patients: { positives: number; negatives: number };
  /** Of an audit, each value is the mean of a permutation. */
  audit: boolean;
  wanted: number;
}
