import type { Assumption } from '../runtime/assumptions.ts';
import type { FeatureTable } from '../table/feature-table.ts';

/** One endpoint, applied to every patient of the cohort. */
export interface Endpoint {
  id: string;
  title: string;
  /** Name of class 1: `pCR`, `responder`. */
  positiveName: string;
  /** Name of class 0: `non-pCR`, `non-responder`. */
  negativeName: string;
  /** One per patient, in the order of `Cohort.patients`: 1, 0, or -1 where the outcome is unknown. */
  labels: Int8Array;
}

/** A described column of the patient tables, in the order of `Cohort.patients`. */
export type CohortColumn = {
  meaning: string;
  /** Time of measurement; `treatment` is which one was given, `assigned` is given by people (a split, a site). */
  measured: 'baseline' | 'treatment' | 'during' | 'after' | 'assigned';
} & (
  | { type: 'number'; unit: string /** NaN where missing. */; values: Float64Array }
  | {
      type: 'text';
      /** Meanings of a coded column (`HER2+`), else the texts; undefined where missing. */
      values: readonly (string | undefined)[];
      /** All meanings of a coded column in the order of its coding, present or not. */
      levels?: readonly string[] | undefined;
    }
);

/** Patients of a cohort by the value of a column: `{ column: 'trial', values: ['ACRIN-6698'] }`. */
export interface PatientChoice {
  /** Short name of a described column, or `patient` for the id. */
  column: string;
  /** Codes, meanings, texts or numbers, as the table or the manifest has them; `*` stands for any characters. */
  values: readonly string[];
}

/** A scan with its tumour mask on this machine: files or DICOM folders, with the part that is meant (`imageAddress`). */
export interface ScanFiles {
  image: string;
  mask: string;
}

/** Patients with what is known before treatment and what happened after it. The study reads nothing else. */
export interface Cohort {
  id: string;
  title: string;
  citation: string;
  licence: string;
  /** True where the patients were made by code. */
  synthetic: boolean;
  /** Ids of the joined patients, in a fixed order. */
  patients: readonly string[];
  /** Candidate features by block: `clinical`, `radiomics`, `resnet34` … Missing values are NaN, nothing is imputed. */
  blocks: Readonly<Record<string, FeatureTable>>;
  /** The image features again under redrawn outlines: by block, a table per redraw, rows as `patients`. */
  redraws?: Readonly<Record<string, readonly FeatureTable[]>> | undefined;
  endpoints: Readonly<Record<string, Endpoint>>;
  /** Described columns by short name, for designs, sites and subgroups: not candidates of a model by themselves. */
  columns?: Readonly<Record<string, CohortColumn>> | undefined;
  /** The column of the site, cohort or scanner of each patient. */
  group?: string | undefined;
  /** Columns by which results are broken down. */
  subgroups?: readonly string[] | undefined;
  /** Scans by modality (`ceT1`, `T2`, `ct`), in the order of `patients`; undefined where a patient lacks one. */
  images?: Readonly<Record<string, readonly (ScanFiles | undefined)[]>> | undefined;
  /** By modality: lowest value of a mask voxel that counts as tumour, where masks hold probabilities or shares. */
  maskThresholds?: Readonly<Record<string, number>> | undefined;
  /**
   * For synthetic cohorts: the best balanced accuracy that any model can reach, by endpoint, by its inputs (`clinical`,
   * `scans`, `scansAndClinical`, `latent`).
   */
  reachable?: Readonly<Record<string, Readonly<Record<string, number>>>> | undefined;
  /**
   * How the texts of coded clinical variables became columns: of a binary one 0 or 1, of a category its meaning
   * (`clinical.<variable>=<meaning>`). By variable, then by the text in the table.
   */
  clinicalCodes?: Readonly<Record<string, Readonly<Record<string, number | string>>>> | undefined;
  /** Sentences that a reader must know beside the numbers. */
  notices: readonly string[];
  /** Assumptions made while the cohort was prepared, sorted; see `AssumptionLog`. */
  assumptions?: readonly Assumption[] | undefined;
  /** Patients left out, with the reason. */
  excluded: readonly { patient: string; reason: string }[];
  /** True under pseudonyms: paths of scans may hold ids, and are not written to any output. */
  hidesPaths?: boolean | undefined;
  /** The choice of patients, where not all of the cohort were asked for. */
  only?: PatientChoice | undefined;
  /** Every file that was read, with its SHA-256. */
  inputs: { file: string; sha256: string }[];
}
