import { dirname, isAbsolute, resolve } from 'node:path';
import type { Cohort } from '../cohort/cohort.ts';
import { loadCohort } from '../cohort/load-cohort.ts';
import type { DataOptions } from '../cohort/locate.ts';
import { writePhantom } from '../cohort/phantom/write-phantom.ts';
import {
  type ExtractCohortOptions,
  type ExtractedFeatures,
  extractCohort,
} from '../features/extract-cohort.ts';
import { withFeatures } from '../features/with-features.ts';
import { cacheFolder } from '../runtime/cache-folder.ts';
import type { Progress } from '../runtime/progress.ts';
import type { StudyConfig } from './config.ts';

export interface PrepareCohortOptions extends DataOptions, ExtractCohortOptions {
  /** The study file, which a relative path in `cohort:` starts from. */
  studyFile?: string | undefined;
  /** Makes the progress display of a phantom that is drawn now. */
  phantomProgress?: ((patients: number) => Progress) | undefined;
  /** Called with the loaded cohort before any scan is read; what it throws ends the preparation. */
  beforeExtraction?: ((cohort: Cohort) => void) | undefined;
}

export interface PreparedCohort {
  /** Ready for `runStudy`: blocks of the manifest and, with `extraction`, one per extractor. */
  cohort: Cohort;
  /** Result of the extraction; undefined for studies without one. */
  extracted?: ExtractedFeatures | undefined;
}

/**
 * From the study file to the cohort that `runStudy` takes: the phantom written where the study asks for one, the manifest
 * loaded, the scans extracted where the study has a group `extraction`.
 *
 * @throws NacreError of `loadCohort`, `writePhantom` and `extractCohort`
 */
export async function prepareCohort(
  config: Pick<StudyConfig, 'cohort' | 'only' | 'extraction' | 'perturb'>,
  options: PrepareCohortOptions = {},
): Promise<PreparedCohort> {
  const { cohort } = await loadStudyCohort(config, options);
  options.beforeExtraction?.(cohort);
  if (config.extraction === undefined) return { cohort };
  const extracted = await extractCohort(cohort, config.extraction, {
    ...inFolderOf(options),
    perturb: config.perturb,
  });
  return { cohort: withFeatures(cohort, extracted), extracted };
}

/** Relative paths of a study start from its file. */
export function inFolderOf(options: PrepareCohortOptions): PrepareCohortOptions {
  const { studyFile, folder } = options;
  return { ...options, folder: folder ?? (studyFile && dirname(studyFile)) };
}

/** The cohort a study names, before its scans are extracted. */
export interface StudyCohort {
  cohort: Cohort;
  /** Path of the generated manifest, for a study on a phantom. */
  phantom?: string | undefined;
}

/**
 * Loads the cohort that a study names; the phantom is written where it is not there yet.
 *
 * @throws NacreError of `loadCohort` and `writePhantom`
 */
export async function loadStudyCohort(
  config: Pick<StudyConfig, 'cohort' | 'only'>,
  options: PrepareCohortOptions = {},
): Promise<StudyCohort> {
  const { manifest, folder } = await studyManifest(config, options);
  const { mirror, pseudonymKey } = options;
  const { only } = config;
  if (folder === undefined) {
    const { data } = options;
    return { cohort: await loadCohort(manifest, { data, mirror, pseudonymKey, only }) };
  }
  const cohort = await loadCohort(manifest, { data: folder, pseudonymKey, only });
  return { cohort, phantom: manifest };
}

/** The manifest of the cohort that a study names: an id or a path; of a phantom, written where it is not there yet, its folder too. */
export async function studyManifest(
  { cohort: named }: Pick<StudyConfig, 'cohort'>,
  { studyFile, cache, ...options }: PrepareCohortOptions = {},
): Promise<{ manifest: string; folder?: string | undefined }> {
  if (typeof named !== 'string') {
    const { manifest, folder } = await writePhantom(named.phantom, {
      within: resolve(cacheFolder(cache), 'phantom'),
      workers: options.workers,
      progress: options.phantomProgress,
      signal: options.signal,
    });
    return { manifest, folder };
  }
  const isPath = /[/\\]|\.json$/.test(named);
  return {
    manifest:
      isPath && !isAbsolute(named) && studyFile !== undefined
        ? resolve(dirname(studyFile), named)
        : named,
  };
}
