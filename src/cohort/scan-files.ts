import { existsSync, readdirSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { imageAddress } from '../imaging/image-address.ts';
import { ambiguousId, spellingKey } from '../table/patient-spelling.ts';
import type { ScanFiles } from './cohort.ts';
import { dataFile, requireInside } from './data-file.ts';
import type { Manifest } from './manifest.ts';

/** The scans of a cohort that are on this machine, and a sentence for every modality that some patients lack. */
export interface CohortScans {
  images: Record<string, (ScanFiles | undefined)[]>;
  /** Mask thresholds of the manifest, by modality; undefined where it names none. */
  maskThresholds?: Record<string, number> | undefined;
  notices: string[];
}

/**
 * Finds image and mask of every patient and modality by the path patterns of the manifest. Nothing is opened here. A patient
 * with neither lacks the scan. Where only one of the two exists, both paths are returned, so that the reader of the files
 * reports which one is missing.
 *
 * @param nameOf what a patient is called in the sentences
 * @throws NacreError `path-escapes`, `ambiguous-id` where a folder spells an id in another way
 */
export function scanFiles(
  { images: patterns, archives }: Pick<Manifest, 'images' | 'archives'>,
  root: string,
  patients: readonly string[],
  nameOf: (patient: string) => string = (patient) => patient,
): CohortScans {
  const images: CohortScans['images'] = {};
  const notices: string[] = [];
  for (const [modality, pattern] of Object.entries(patterns)) {
    const lacking: string[] = [];
    for (const path of [pattern.image, pattern.mask]) requireFolderSpelling(root, path, patients);
    const half: string[] = [];
    images[modality] = patients.map((patient) => {
      const [image, mask] = [pattern.image, pattern.mask].map((path) =>
        path.replaceAll('{patient}', () => patient),
      );
      // Ids come from a table: an id like ../../x is refused before any file is looked up.
      for (const path of [image, mask]) requireInside(root, path);
      const present = [image, mask].filter((path) => existsSync(join(root, path)));
      if (present.length === 0) {
        lacking.push(patient);
        return undefined;
      }
      if (present.length === 1) half.push(patient);
      const address = (path: string) =>
        present.includes(path) ? dataFile(root, path) : join(root, path);
      const { series, phase, deskew, roi } = pattern;
      return {
        image: imageAddress(address(image), { series, phase, deskew }),
        mask: imageAddress(address(mask), { roi }),
      };
    });
    const noteScans = (whose: readonly string[], what: string) => {
      if (whose.length === 0) return;
      const shown = whose.slice(0, 5).map(nameOf).join(', ') + (whose.length > 5 ? ', …' : '');
      notices.push(
        `${modality}: ${whose.length} of ${patients.length} patients ${what} (${shown})`,
      );
    };
    // Scans of an archive that nobody has fetched are not lacking: the tables are used alone.
    const isFetched = lacking.length < patients.length || archives.length === 0;
    if (isFetched) noteScans(lacking, 'lack the scan');
    noteScans(half, 'have a scan without mask, or a mask without scan');
  }
  const thresholds = Object.entries(patterns).flatMap(([modality, { maskThreshold }]) =>
    maskThreshold === undefined ? [] : [[modality, maskThreshold] as const],
  );
  const maskThresholds = thresholds.length > 0 ? Object.fromEntries(thresholds) : undefined;
  return { images, maskThresholds, notices };
}

/**
 * Refuses a folder or file that spells the id of a patient in another way than the tables: the patient would lack the scan
 * that lies there.
 */
function requireFolderSpelling(root: string, pattern: string, patients: readonly string[]): void {
  const parts = pattern.split('/');
  const at = parts.findIndex((part) => part.includes('{patient}'));
  const parent = parts.slice(0, at).join('/');
  const [before, after] = parts[at].split('{patient}');
  const last = parts[at].split('{patient}').length > 2 ? '' : after;
  const known = new Set(patients);
  const byKey = new Map(patients.map((id) => [spellingKey(id), id]));
  let entries: string[];
  try {
    entries = readdirSync(join(root, parent));
  } catch {
    return;
  }
  for (const entry of entries.sort()) {
    if (!entry.startsWith(before) || !entry.endsWith(last)) continue;
    const found = entry.slice(before.length, entry.length - last.length);
    const id = byKey.get(spellingKey(found));
    if (id === undefined || id === found || known.has(found)) continue;
    const expected = join(root, parent, `${before}${id}${last}`);
    const other = join(root, parent, entry);
    // A file system that ignores case or Unicode form gives one entry under both names.
    if (existsSync(expected) && realpathSync.native(expected) === realpathSync.native(other))
      continue;
    throw ambiguousId({ id }, { id: found, file: other });
  }
}
