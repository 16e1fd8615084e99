import { type ErrorCode, isNacreError } from '../runtime/errors.ts';
import type { ExtractorName, RegionName } from './extraction.ts';

/** A failure of a whole case, or of one region, label or extractor of it. Other cases go on. */
export interface CaseFailure {
  patient?: string | undefined;
  /** 1-based row of the batch file. */
  row?: number | undefined;
  scan?: string | undefined;
  region?: RegionName | undefined;
  extractor?: ExtractorName | undefined;
  /** Value of the region in the mask. */
  label?: number | undefined;
  code: ErrorCode;
  message: string;
}

/** The files of a case, and who it is of. */
export interface CaseFiles {
  image: string;
  mask: string;
  patient?: string | undefined;
  row?: number | undefined;
}

/** Machine errors: rethrown, not recorded for the case. */
const ofTheMachine = [
  'write-failed',
  'device-unavailable',
  'bad-model',
  'package-missing',
] as const;

/** Faults of the intensities, not of the mask. */
const ofIntensities = ['non-finite', 'flat-image'] as const;

/**
 * A refusal as the failure of a case. Readers name their file; what is refused later lies in the mask, or else in the intensities.
 *
 * @throws `error` itself where it is no fault of the case
 */
export function caseFailure(
  error: unknown,
  { image, mask, patient, row }: CaseFiles,
  part: Pick<CaseFailure, 'region' | 'extractor' | 'label'> = {},
): CaseFailure {
  if (!isNacreError(error) || isNacreError(error, ...ofTheMachine)) throw error;
  const file = isNacreError(error, ...ofIntensities) ? image : mask;
  const { code, message } = error.located({ patient, file, row });
  return { patient, row, ...part, code, message };
}
