import type { Cohort } from '../cohort/cohort.ts';
import { imageRows } from '../cohort/cohort-rows.ts';
import {
  type ExtractedUnits,
  extractUnits,
  type PatientsWithScans,
} from '../features/extract-cohort.ts';
import { NacreError, unknownName } from '../runtime/errors.ts';
import { patientRows } from '../table/patient-rows.ts';
import type { StudyConfig } from './config.ts';
import { inFolderOf, loadStudyCohort, type PrepareCohortOptions } from './prepare-cohort.ts';

/** What the jobs of a study are told before they start. */
export interface StudyPatients {
  cohort: string;
  /** Of a study on a phantom: the manifest made for it. No other path is told: names of files may hold ids. */
  phantom?: string | undefined;
  patients: readonly string[];
}

/**
 * The patients of a study, in the order of its tables. Makes what they share (a phantom's files, random networks), so that
 * jobs that each extract a few of them find it there instead of each making it.
 *
 * @throws NacreError of `loadCohort`, `writePhantom` and `extractUnits`
 */
export async function listPatients(
  config: Pick<StudyConfig, 'cohort' | 'extraction'>,
  options: PrepareCohortOptions = {},
): Promise<StudyPatients> {
  const { cohort, phantom } = await loadStudyCohort(config, options);
  if (config.extraction !== undefined) {
    await extractUnits(fewOf(cohort, []), config.extraction, inFolderOf(options));
  }
  return { cohort: cohort.id, phantom, patients: cohort.patients };
}

/**
 * Extracts some patients of a study into the cache, under the keys that `prepareCohort` looks for: jobs of a cluster fill
 * one cache with it, a study begun on one machine goes on there. A patient with a fault is in `failures`, as in a whole run.
 *
 * @throws NacreError `no-extraction` (a study of tables), `unknown-name` (no such patient), and as `extractUnits`
 */
export async function extractPatients(
  config: Pick<StudyConfig, 'cohort' | 'extraction'>,
  patients: readonly string[],
  options: PrepareCohortOptions = {},
): Promise<ExtractedUnits> {
  if (config.extraction === undefined) {
    throw new NacreError('no-extraction', 'the study extracts nothing: it reads feature tables', {
      file: options.studyFile,
      expected: 'a group extraction',
      todo: 'run it with nacre study',
    });
  }
  const { cohort } = await loadStudyCohort(config, options);
  return extractUnits(fewOf(cohort, patients), config.extraction, inFolderOf(options));
}

/** @throws NacreError `unknown-name` */
function fewOf(
  { id, patients, images = {}, hidesPaths, maskThresholds }: Cohort,
  few: readonly string[],
): PatientsWithScans {
  const rows = patientRows(patients, [...new Set(few)], (patient) =>
    unknownName(`the cohort ${id} has no such patient`, patient, patients),
  );
  return {
    id,
    hidesPaths,
    maskThresholds,
    patients: rows.map((row) => patients[row]),
    images: imageRows(images, rows),
  };
}
