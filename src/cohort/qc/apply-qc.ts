import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { parseImageAddress } from '../../machine/image-address.ts';
import { hashOfImage } from '../../machine/read-volume.ts';
import type { NoteAssumption } from '../../runtime/assumptions.ts';
import { NacreError, unknownName } from '../../runtime/errors.ts';
import type { ScanFiles } from '../cohort.ts';
import { dataFile } from '../data-file.ts';
import { pseudonymOf } from '../pseudonyms.ts';
import { editedMaskPath, type QcRow, readQcFile } from './qc-file.ts';

export type CohortImages = Readonly<Record<string, readonly (ScanFiles | undefined)[]>>;

/** A cohort's scans after the decisions of its reviewers. */
export interface ReviewedScans {
  /** The scans, in the order of the patients given, with edited masks in the place of the old ones. */
  images: Record<string, (ScanFiles | undefined)[]>;
  /** Patients to leave out, with the reason. */
  excluded: { patient: string; reason: string }[];
  notices: string[];
}

export interface ApplyQcOptions {
  /** Key of the pseudonyms: the file may name patients by them. */
  key?: Uint8Array | undefined;
  note?: NoteAssumption | undefined;
}

/**
 * Applies the decisions of `qc.csv` to a cohort: a patient with an excluded scan is left out with the reviewer's reason; one
 * whose mask waits to be redrawn is left out until the mask's file differs from the one that was judged; an edited mask takes
 * the place of the mask it was made from.
 *
 * @param file `qc.csv`
 * @param images by scan, in the order of `patients`
 * @throws NacreError of `readQcFile`; `review-key` where rows name pseudonyms and the key is missing or another one;
 *   `unknown-name` (of a scan); `edited-mask` where an edited mask is missing or is not the one that was saved
 */
export async function applyQc(
  file: string,
  patients: readonly string[],
  images: CohortImages,
  { key, note }: ApplyQcOptions = {},
): Promise<ReviewedScans> {
  const rows = await readQcFile(file);
  const rowOf = new Map(patients.map((patient, row) => [patient, row]));
  if (key !== undefined)
    for (const [i, id] of patients.entries()) rowOf.set(pseudonymOf(id, key), i);
  const reviewed: ReviewedScans = {
    images: Object.fromEntries(Object.entries(images).map(([scan, files]) => [scan, [...files]])),
    excluded: [],
    notices: [],
  };
  const unknown = new Set<string>();
  const judgements = new Map<string, { row: QcRow; at: number }>();
  let edits = 0;
  for (const row of rows) {
    const at = rowOf.get(row.patient);
    if (at === undefined) {
      requireNoPseudonym(row, file, key !== undefined);
      unknown.add(row.patient);
      continue;
    }
    const scans = reviewed.images[row.scan];
    if (scans === undefined) throw unknownScan(row, file, Object.keys(images));
    if (row.action !== 'edit') judgements.set(`${at} ${row.scan}`, { row, at });
    const files = scans[at];
    if (row.action !== 'edit' || files === undefined) continue;
    const mask = await editedMask(row, images[row.scan][at] as ScanFiles, file);
    scans[at] = { ...files, mask };
    edits++;
    note?.({
      kind: 'mask-edited',
      patient: patients[at],
      scan: row.scan,
      found: `mask edited${row.by === '' ? '' : ` by ${row.by}`} on ${row.at}, from SHA-256 ${row.maskSha256.slice(0, 12)}`,
      taken: `edit ${row.edit}, SHA-256 ${row.editSha256?.slice(0, 12)}`,
      why: `${basename(file)} names it; remove the row to use the mask that the manifest names`,
    });
  }
  const reasons = new Map<number, string[]>();
  const counts = { accept: 0, changed: 0 };
  for (const { row, at } of judgements.values()) {
    const mask = reviewed.images[row.scan][at]?.mask;
    const now = mask !== undefined && isThere(mask) ? await hashOfImage(mask, 'mask') : '';
    const changed = row.maskSha256 !== '' && now !== row.maskSha256;
    if (row.action === 'exclude') {
      add(reasons, at, `qc: ${row.scan} excluded: ${row.reason}`);
      continue;
    }
    if (row.action === 'redo' && !changed) {
      const why = row.reason === '' ? '' : `: ${row.reason}`;
      add(reasons, at, `qc: the mask of ${row.scan} is to be redrawn${why}`);
      continue;
    }
    if (row.action === 'accept') counts.accept++;
    if (!changed) continue;
    counts.changed++;
    note?.({
      kind: 'mask-not-reviewed',
      level: 'warning',
      patient: patients[at],
      scan: row.scan,
      found: `the mask has changed since its review (${row.action}, ${row.at})`,
      taken: 'the mask as it is now',
      why: 'look at it again: nacre cohort qc',
    });
  }
  reviewed.excluded = [...reasons].map(([at, why]) => ({
    patient: patients[at],
    reason: why.join('; '),
  }));
  for (const { patient, reason } of reviewed.excluded) {
    note?.({
      kind: 'patient-excluded-by-review',
      level: 'warning',
      patient,
      found: reason,
      taken: 'left out of the cohort',
      why: `decision in ${basename(file)}`,
    });
  }
  const scanCount = Object.values(images).flat().filter(Boolean).length;
  reviewed.notices.push(
    `Masks reviewed (${basename(file)}): ${counts.accept} of ${scanCount} accepted, ${reviewed.excluded.length} patients left out, ${edits} masks edited` +
      (counts.changed > 0 ? `; ${counts.changed} masks changed since their review` : ''),
  );
  if (unknown.size > 0) {
    reviewed.notices.push(
      `${basename(file)} names ${unknown.size} patients whom the cohort lacks; their rows were passed over`,
    );
  }
  return reviewed;
}

/** Whether the file exists; the address of a DICOM mask may name a part of it. */
function isThere(mask: string): boolean {
  return existsSync(parseImageAddress(mask).path);
}

function add(reasons: Map<number, string[]>, at: number, reason: string): void {
  reasons.set(at, [...(reasons.get(at) ?? []), reason]);
}

/** Refuses decisions under an unknown pseudonym: ignoring an exclusion would silently include the patient. */
function requireNoPseudonym({ patient }: QcRow, file: string, hasKey: boolean): void {
  if (!/^P-[0-9a-f]{16}$/.test(patient)) return;
  throw new NacreError('review-key', 'a decision names a pseudonym of no patient', {
    file,
    patient,
    found: hasKey ? 'another key than the review had' : 'no key',
    expected: 'the key under which the masks were reviewed',
    todo: 'name it: --pseudonym-key',
  });
}

function unknownScan({ scan }: QcRow, file: string, known: readonly string[]): NacreError {
  return unknownName('a decision on a mask names a scan that the manifest lacks', scan, known, {
    file,
    column: 'scan',
  });
}

async function editedMask(row: QcRow, { mask }: ScanFiles, file: string): Promise<string> {
  const path = editedMaskPath(mask, row.edit as number);
  const facts = { file, patient: row.patient, column: 'edit_sha256' };
  if (!existsSync(path)) {
    throw new NacreError('edited-mask', `an edited mask of ${row.scan} is not there`, {
      ...facts,
      expected: 'the file that was saved beside the mask',
      todo: 'put it back, or remove the row',
    });
  }
  // A link must not lead out of the folder of the mask.
  const real = dataFile(dirname(path), basename(path));
  const found = await hashOfImage(real);
  if (found === row.editSha256) return join(dirname(path), basename(path));
  throw new NacreError('edited-mask', `an edited mask of ${row.scan} has changed`, {
    ...facts,
    found: `sha256 ${found}`,
    expected: `sha256 ${row.editSha256}`,
    todo: 'review it again (nacre cohort qc), or remove the row',
  });
}
