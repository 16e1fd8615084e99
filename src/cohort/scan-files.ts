import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { ScanFiles } from './cohort.ts';
import { dataFile } from './data-file.ts';
import type { Manifest } from './manifest.ts';

/** The scans of a cohort that are on this machine, and a sentence for every modality that some patients lack. */
export interface CohortScans {
  images: Record<string, (ScanFiles | undefined)[]>;
  notices: string[];
}

/**
 * Finds image and mask of every patient and modality by the path patterns of the manifest. A scan counts only with
 * its mask. Nothing is opened here.
 *
 * @throws NacreError `path-escapes`
 */
export function scanFiles(
  { images: patterns }: Manifest,
  root: string,
  patients: readonly string[],
): CohortScans {
  const images: CohortScans['images'] = {};
  const notices: string[] = [];
  for (const [modality, pattern] of Object.entries(patterns)) {
    const lacking: string[] = [];
    images[modality] = patients.map((patient) => {
      const [image, mask] = [pattern.image, pattern.mask].map((path) =>
        path.replaceAll('{patient}', () => patient),
      );
      if (existsSync(join(root, image)) && existsSync(join(root, mask))) {
        return { image: dataFile(root, image), mask: dataFile(root, mask) };
      }
      lacking.push(patient);
      return undefined;
    });
    if (lacking.length > 0) {
      const shown = lacking.slice(0, 5).join(', ') + (lacking.length > 5 ? ', …' : '');
      notices.push(
        `${modality}: ${lacking.length} of ${patients.length} patients lack the scan or its mask (${shown})`,
      );
    }
  }
  return { images, notices };
}
