import { existsSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { NacreError } from '../../runtime/errors.ts';
import { sha256OfFile } from '../../runtime/hash-file.ts';
import type { Cohort } from '../cohort.ts';
import { dataFile } from '../data-file.ts';
import type { Manifest } from '../manifest.ts';
import { type ApplyQcOptions, applyQc, type CohortImages, type ReviewedScans } from './apply-qc.ts';

export type CohortReview = ReviewedScans & { input: { file: string; sha256: string } };

export interface ReviewSource {
  manifestFile: string;
  manifest: Pick<Manifest, 'qc'>;
  /** During the review: its file of decisions, which may not exist yet. It excludes no patient. */
  review?: string | undefined;
}

/**
 * The decisions on a cohort's masks, applied: of the file that the manifest names, beside it. Undefined where it names none.
 *
 * @throws NacreError of `applyQc`
 */
export async function reviewOf(
  { manifestFile, manifest: { qc }, review }: ReviewSource,
  patients: readonly string[],
  images: CohortImages,
  options: ApplyQcOptions,
): Promise<CohortReview | undefined> {
  if (review !== undefined && !existsSync(review)) return undefined;
  const file = review ?? (qc === undefined ? undefined : dataFile(dirname(manifestFile), qc));
  if (file === undefined) return undefined;
  const reviewed = await applyQc(file, patients, images, options);
  const input = { file: basename(file), sha256: await sha256OfFile(file) };
  return { ...reviewed, excluded: review === undefined ? reviewed.excluded : [], input };
}

/** The patients whom the review left in, with their scans; those left out stand first in `excluded`. */
export function withoutRejected(
  { patients, excluded }: Pick<Cohort, 'patients' | 'excluded'>,
  images: CohortImages,
  review: CohortReview | undefined,
  file: string,
) {
  if (review === undefined) return { patients, excluded, images };
  const out = new Set(review.excluded.map(({ patient }) => patient));
  const rows = patients.flatMap((patient, row) => (out.has(patient) ? [] : [row]));
  if (rows.length === 0) {
    throw new NacreError('no-patients', 'the review of the masks excluded every patient', {
      file,
      found: review.excluded[0]?.reason,
      expected: 'at least one patient',
      todo: 'review the masks again (nacre cohort qc)',
    });
  }
  return {
    patients: rows.map((row) => patients[row]),
    excluded: [...review.excluded, ...excluded],
    images: Object.fromEntries(
      Object.entries(review.images).map(([scan, scans]) => [scan, rows.map((row) => scans[row])]),
    ),
  };
}
