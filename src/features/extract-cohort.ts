import type { Cohort } from '../cohort/cohort.ts';
import type { Progress } from '../runtime/progress.ts';
import type { FeatureTable } from '../table/feature-table.ts';
import type { Extraction, ExtractorName, RegionName } from './extraction.ts';

export interface ExtractCohortOptions {
  /** Folder in which units, and random networks, are kept. Default: `$NACRE_CACHE`, else `.cache/nacre`. */
  cache?: string | undefined;
  /** Folder of the model store. Default: `$NACRE_MODELS`, else `models/`. */
  models?: string | undefined;
  /** Worker threads. Default: the machine's cores. No number depends on it. */
  workers?: number | undefined;
  /** Makes the progress display, told how many units there are and how many the cache holds. */
  progress?: ((total: number, already: number) => Progress) | undefined;
  /** Aborting keeps all finished units; the same call resumes. */
  signal?: AbortSignal | undefined;
}

/** A region of a scan that could not be measured. Its patient is left out of the study. */
export interface ExtractionFailure {
  patient: string;
  scan: string;
  /** Undefined where the files themselves are at fault. */
  region?: RegionName | undefined;
  extractor?: ExtractorName | undefined;
  /** Of the NacreError: `file-missing`, `geometry-mismatch`, `empty-mask`, `bad-gzip` … */
  code: string;
  message: string;
}

/** A network that made a table. */
export interface ExtractionNetwork {
  extractor: Exclude<ExtractorName, 'radiomics'>;
  file: string;
  sha256: string;
  /** Seed of random weights; undefined for a published checkpoint. */
  randomSeed?: number | undefined;
}

/** What the scans of a cohort gave. */
export interface ExtractedFeatures {
  /** Rows of every table, in the order of the cohort: those without a failure, less those that lack a scan where so ruled. */
  patients: readonly string[];
  /**
   * One table an extractor asked for; `block` of its columns is the extractor's name, `modality` the scan, `region` intra
   * or peri. Names: `ceT1.peri.original_glcm_Contrast`, `ceT1.intra.resnet34_127`; of a random network
   * `ceT1.intra.resnet34-random0_127`, so that the label goes wherever the column goes.
   */
  blocks: Readonly<Partial<Record<ExtractorName, FeatureTable>>>;
  failures: readonly ExtractionFailure[];
  /** Patients who lack scans, with the rule that was applied. */
  missingScans: readonly { patient: string; scans: readonly string[]; left: 'imputed' | 'out' }[];
  networks: readonly ExtractionNetwork[];
  /** What the preprocessing had to say (a crop that was too large), one line a patient, scan and region. */
  warnings: readonly { patient: string; scan: string; region: RegionName; warning: string }[];
  /** Every scan, mask and network that was read, with its SHA-256. */
  inputs: readonly { file: string; sha256: string }[];
  /** Units (patient × scan × region × extractor) computed now, and taken from the cache. */
  unitsComputed: number;
  unitsReused: number;
}

/**
 * Extracts a cohort: for each patient, scan and region all extractors asked for, on worker threads, a unit at a time
 * from the cache where inputs, settings, weights and code are those of an earlier run.
 *
 * A patient with a fault (a file that cannot be read, another grid, an empty mask) stops nothing: it is in `failures`.
 *
 * @throws NacreError `unknown-name` (a scan the manifest lacks), `model-missing` (`weights: installed`), settings that are
 *   wrong, `no-patients` where nobody is left
 */
export async function extractCohort(
  _cohort: Cohort,
  _extraction: Extraction,
  _options: ExtractCohortOptions = {},
): Promise<ExtractedFeatures> {
  throw new Error('in the making');
}
