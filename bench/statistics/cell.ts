/** One cell of the table: what is simulated. */
export interface Cell {
  /** Patients of a cohort. */
  patients: number;
  /** AUC that the procedure reaches on new patients, averaged over training samples of that size. */
  auc: number;
  /** Patients of class 0 for each of class 1. */
  imbalance: 1 | 4;
}

/** What the score of a cell is: learned from this many features, one of which is shifted; or known and never learned. */
export type ScoreKind = number | 'known';

export const cells: readonly Cell[] = [48, 161, 500].flatMap((patients) =>
  ([1, 4] as const).flatMap((imbalance) =>
    [0.55, 0.71, 0.92].map((auc) => ({ patients, auc, imbalance })),
  ),
);

/** Class labels of a cohort, class 1 first. */
export function labelsOf({ patients, imbalance }: Cell): Uint8Array {
  const positives = Math.round(patients / (1 + imbalance));
  return Uint8Array.from({ length: patients }, (_, row) => Number(row < positives));
}
