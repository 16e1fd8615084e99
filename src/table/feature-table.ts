import { NacreError } from '../runtime/errors.ts';
import { withDisplay } from '../runtime/jupyter-display.ts';

/** Where a column came from. `block` is the source of features: `clinical`, `radiomics`, `resnet34` … */
export interface ColumnOrigin {
  block: string;
  /** BIDS-like scan name: `ceT1`, `T2`, `ct`; undefined for clinical variables. */
  modality?: string | undefined;
  /** `intra` or `peri`; undefined for clinical variables. */
  region?: string | undefined;
}

export interface FeatureColumn extends ColumnOrigin {
  /** Full name: `ceT1.peri.wavelet-LLH_glcm_Contrast`, `ct.intra.resnet34_127`, `clinical.her2`. Unique in a table. */
  name: string;
  /** One value per patient, NaN where missing. */
  values: Float64Array;
}

/**
 * One row per patient, one column per feature, stored by column.
 * Rows are in the order of `patients`; ids are unique; every column is as long as `patients`.
 */
export interface FeatureTable {
  readonly patients: readonly string[];
  readonly columns: readonly FeatureColumn[];
}

/** Checks and freezes the parts into a table. @throws NacreError `table-shape`, `duplicate-patient`, `duplicate-column` */
export function featureTable(
  patients: readonly string[],
  columns: readonly FeatureColumn[],
): FeatureTable {
  const seen = new Set<string>();
  patients.forEach((patient, i) => {
    if (seen.has(patient)) {
      throw new NacreError('duplicate-patient', 'patient appears twice', {
        patient,
        row: i + 1,
        expected: 'one row per patient',
        todo: 'remove or merge one of the rows',
      });
    }
    seen.add(patient);
  });
  const names = new Set<string>();
  for (const column of columns) {
    if (names.has(column.name)) {
      throw new NacreError('duplicate-column', 'two columns have one name', {
        column: column.name,
      });
    }
    names.add(column.name);
    if (column.values.length !== patients.length) {
      throw new NacreError('table-shape', 'column has another length than the table', {
        column: column.name,
        found: `${column.values.length} values`,
        expected: `${patients.length} patients`,
      });
    }
  }
  return withDisplay({ patients, columns });
}
