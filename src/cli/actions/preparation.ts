import { resolve } from 'node:path';
import { startProgress } from '../../runtime/terminal/progress.ts';
import type { PrepareCohortOptions } from '../../study/prepare-cohort.ts';
import type { CohortFlags } from '../cohort-options.ts';

/** The study file and its data, as absolute paths. */
export function sourceOf(study: string, { data, mirror }: CohortFlags) {
  return {
    studyFile: resolve(study),
    data: data && resolve(data),
    mirror: mirror && resolve(mirror),
  };
}

/** How the cohort of a study file is prepared, with progress on stderr. */
export function preparation(
  study: string,
  flags: CohortFlags,
  signal: AbortSignal,
): PrepareCohortOptions {
  return {
    ...sourceOf(study, flags),
    pseudonymKey: flags.pseudonymKey,
    workers: flags.workers,
    signal,
    phantomProgress: (patients) => startProgress('phantom', patients),
    progress: (total, already) => startProgress('features', total, already),
  };
}
