import type { ParameterFile } from '../radiomics/parameter-file.ts';
import type { DeepData } from './deep-protocol.ts';
import type { PackedScan } from './protocol.ts';

/** What `nacre site` puts into the page; every part may be empty where the run has none. */
export interface ExploreData {
  title: string;
  /** True where the patients were made by code; the page then marks every picture. */
  synthetic: boolean;
  version: string;
  /** Sentences on what this file holds of the patients, and on what was left out. */
  contents: readonly string[];
  scans: readonly ExploreScan[];
  /** Distribution over the run's patients, by column: `ceT1.intra.original_glcm_Contrast`. */
  columns: Readonly<Record<string, ColumnShape>>;
  /** Formula of every feature, by class and name. */
  formulas: Readonly<Record<string, Readonly<Record<string, FeatureFormula>>>>;
  endpoints: readonly ExploreEndpoint[];
  /** Networks in the folder beside the page; undefined: none, and no panel for them. */
  deep?: DeepData | undefined;
}

/** A scan of a patient, with the settings under which the run measured it. The voxels stand in elements of their own. */
export interface ExploreScan {
  patient: string;
  scan: string;
  /** Id of the element that holds the `PackedScan`. */
  element: string;
  cropped: boolean;
  ct: boolean;
  parameters: ParameterFile;
  ringMm: number;
  ringWithin: 'body' | 'scan';
  /** The run's own values by column; null where it has none. */
  values: Readonly<Record<string, number | null>>;
}

export type { PackedScan };

/** A column over patients: how many have a value, smallest, largest, mean, standard deviation, and counts of equal bins between. */
export interface ColumnShape {
  n: number;
  low: number;
  high: number;
  mean: number;
  sd: number;
  counts: readonly number[];
  /** Share of partitions that kept the column, by endpoint and feature set; only where some did. */
  selected?: readonly { endpoint: string; set: string; share: number }[];
}

export interface FeatureFormula {
  ibsi: string | undefined;
  ibsiName: string | undefined;
  /** MathML; LaTeX where no converter is installed. */
  markup: string;
}

export interface ExploreEndpoint {
  id: string;
  title: string;
  sets: readonly ExploreSet[];
}

/** A feature set of the run with its table. */
export interface ExploreSet {
  id: string;
  title: string;
  /** Mean balanced accuracy of the run. */
  balancedAccuracy: number | null;
  partitions: number;
  /** True where the study draws its partitions as the page does, so that the first draw repeats the run. */
  repeats: boolean;
  /** Id of the element that holds the `LabSet`. */
  element: string;
}
