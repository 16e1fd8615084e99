import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { ScanFiles } from './cohort.ts';
import { dataFile, requireInside } from './data-file.ts';
import type { Manifest } from './manifest.ts';

/** The scans of a cohort that are on this machine, and a sentence for every modality that some patients lack. */
export interface CohortScans {
  images: Record<string, (ScanFiles | undefined)[]>;
  /** Of the manifest, by modality; undefined where it names none. */
  maskThresholds?: Record<string, number> | undefined;
  notices: string[];
}

/**
 * Finds image and mask of every patient and modality by the path patterns of the manifest. Nothing is opened here. A patient
 * with neither lacks the scan. Where one of the two is there and the other is not, something went wrong: both paths are given,
 * so that whoever reads them says which file is missing.
 *
 * @param nameOf what a patient is called in the sentences
 * @throws NacreError `path-escapes`
 */
export function scanFiles(
  { images: patterns }: Manifest,
  root: string,
  patients: readonly string[],
  nameOf: (patient: string) => string = (patient) => patient,
): CohortScans {
  const images: CohortScans['images'] = {};
  const notices: string[] = [];
  for (const [modality, pattern] of Object.entries(patterns)) {
    const lacking: string[] = [];
    const half: string[] = [];
    images[modality] = patients.map((patient) => {
      const [image, mask] = [pattern.image, pattern.mask].map((path) =>
        path.replaceAll('{patient}', () => patient),
      );
      // An id comes from a table: one such as ../../x is refused before the disk is asked.
      for (const path of [image, mask]) requireInside(root, path);
      const there = [image, mask].filter((path) => existsSync(join(root, path)));
      if (there.length === 0) {
        lacking.push(patient);
        return undefined;
      }
      if (there.length === 1) half.push(patient);
      const address = (path: string) =>
        there.includes(path) ? dataFile(root, path) : join(root, path);
      return { image: address(image), mask: address(mask) };
    });
    const tell = (whose: readonly string[], what: string) => {
      if (whose.length === 0) return;
      const shown = whose.slice(0, 5).map(nameOf).join(', ') + (whose.length > 5 ? ', …' : '');
      notices.push(
        `${modality}: ${whose.length} of ${patients.length} patients ${what} (${shown})`,
      );
    };
    tell(lacking, 'lack the scan');
    tell(half, 'have a scan without mask, or a mask without scan');
  }
  const thresholds = Object.entries(patterns).flatMap(([modality, { maskThreshold }]) =>
    maskThreshold === undefined ? [] : [[modality, maskThreshold] as const],
  );
  const maskThresholds = thresholds.length > 0 ? Object.fromEntries(thresholds) : undefined;
  return { images, maskThresholds, notices };
}
