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

/** The patients of a study, for the jobs that extract them. */
export interface StudyPatients {
  cohort: string;
  /** Path of the generated manifest, for a study on a phantom. Other paths are left out, because file names may hold patient ids. */
  phantom?: string | undefined;
  patients: readonly string[];
}

/**
 * The patients of a study, in the order of its tables. Writes the files that all patients share (a phantom, random
 * networks), so that parallel jobs read them instead of each writing them.
 *
 * @throws NacreError of `loadCohort`, `writePhantom` and `extractUnits`
 */
export async function listPatients(
  config: Pick<StudyConfig, 'cohort' | 'only' | 'extraction'>,
  options: PrepareCohortOptions = {},
): Promise<StudyPatients> {
  const { cohort, phantom } = await loadStudyCohort(config, options);
  if (config.extraction !== undefined) {
    await extractUnits(fewOf(cohort, []), config.extraction, inFolderOf(options));
  }
  return { cohort: cohort.id, phantom, patients: cohort.patients };
}

/**
 * Extracts some patients of a study into the cache, under the keys that `prepareCohort` looks for: the jobs of a
 * cluster fill one shared cache, which the study then reads. A patient whose extraction fails is listed in `failures`.
 *
 * @throws NacreError `no-extraction` (a study of tables), `unknown-name` (no such patient), and as `extractUnits`
 */
export async function extractPatients(
  config: Pick<StudyConfig, 'cohort' | 'only' | 'extraction' | 'perturb'>,
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
  return extractUnits(fewOf(cohort, patients), config.extraction, {
    ...inFolderOf(options),
    perturb: config.perturb,
  });
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
