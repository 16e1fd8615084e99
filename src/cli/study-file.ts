import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Study files that come with nacre. */
const studies = fileURLToPath(new URL('../../studies/', import.meta.url));

/** Public cohorts with a study of their own; the first needs no download. */
export const realCohorts = ['ispy2', 'ispy1'] as const;

/** A path, or the name of a study that comes with nacre. */
export function studyFile(file: string | undefined, { real }: { real?: string | true }): string {
  const named =
    file ?? (real === undefined ? 'phantom.yaml' : `${real === true ? realCohorts[0] : real}.yaml`);
  const shipped = join(studies, basename(named));
  return existsSync(named) || !existsSync(shipped) ? named : shipped;
}
