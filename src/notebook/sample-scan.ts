import type { Cohort } from '../cohort/cohort.ts';
import { readMask, readVolume } from '../imaging/read-volume.ts';
import type { Mask, Volume } from '../imaging/volume.ts';
import { syntheticScan } from './synthetic-scan.ts';

export interface SampleScan {
  /** Whose scan it is and which: `P003, ceT1`. */
  title: string;
  volume: Volume;
  tumour: Mask;
  /** Unit of the grey values: `HU` for CT, arbitrary for MRI. */
  unit: string;
  /** True where no patient was scanned. */
  synthetic: boolean;
}

/**
 * One scan of a cohort to look at: the named patient's, or the first that there is. A cohort of tables alone has none;
 * a small scan made by code stands in, and says so in its title.
 *
 * @param options patient (id) and scan (`ceT1`); default the first of each
 */
export async function sampleScan(
  cohort: Pick<Cohort, 'patients' | 'images' | 'synthetic'>,
  options: { patient?: string | undefined; scan?: string | undefined } = {},
): Promise<SampleScan> {
  for (const [scan, files] of Object.entries(cohort.images ?? {})) {
    if (options.scan !== undefined && options.scan !== scan) continue;
    const row = files.findIndex(
      (file, i) =>
        file !== undefined &&
        (options.patient === undefined || cohort.patients[i] === options.patient),
    );
    const found = files[row];
    if (found === undefined) continue;
    return {
      title: `${cohort.patients[row]}, ${scan}`,
      volume: await readVolume(found.image),
      tumour: await readMask(found.mask),
      unit: /^ct$/i.test(scan) ? 'HU' : 'arbitrary unit',
      synthetic: cohort.synthetic,
    };
  }
  const { volume, tumour, unit } = syntheticScan('mri');
  return {
    title: 'A scan made by code (the cohort has none)',
    volume,
    tumour,
    unit,
    synthetic: true,
  };
}
