import type { FeatureTable } from './feature-table.ts';

/** Counts of a feature table. */
export interface TableSummary {
  patients: number;
  features: number;
  /** Features per patient. */
  featuresPerPatient: number;
  /** Values that are missing (NaN). */
  missing: number;
  /** Their share of all values, 0 to 1; 0 of a table without values. */
  missingShare: number;
  /** Features without a value for any patient. */
  emptyFeatures: number;
}

/** Counts patients, features and missing values of a table. */
export function summary({ patients, columns }: FeatureTable): TableSummary {
  let missing = 0;
  let emptyFeatures = 0;
  for (const { values } of columns) {
    let gaps = 0;
    for (let row = 0; row < values.length; row++) if (Number.isNaN(values[row])) gaps++;
    missing += gaps;
    if (gaps === values.length) emptyFeatures++;
  }
  const values = patients.length * columns.length;
  return {
    patients: patients.length,
    features: columns.length,
    featuresPerPatient: patients.length === 0 ? 0 : columns.length / patients.length,
    missing,
    missingShare: values === 0 ? 0 : missing / values,
    emptyFeatures,
  };
}
