import { basename } from 'node:path';
import type { Cohort } from '../cohort/cohort.ts';
import { type Extraction, regionsOf } from '../features/extraction.ts';
import { type TumourRegions, tumourRegions } from '../imaging/tumour-regions.ts';
import { type Mask, markOf, type Volume } from '../imaging/volume.ts';
import { parseImageAddress } from '../machine/image-address.ts';
import { readRegions } from '../machine/read-regions.ts';
import { unknownName } from '../runtime/errors.ts';
import { withDisplay } from '../runtime/jupyter-display.ts';
import { syntheticScan } from './synthetic-scan.ts';

export interface SampleScan {
  /** Patient and scan: `P003, ceT1`. */
  title: string;
  volume: Volume;
  /** Same as `regions.intratumoral`. */
  tumour: Mask;
  /** As the extraction draws them: the tumour, and the ring around it within the body. */
  regions: TumourRegions;
  /** Unit of the grey values, as in the volume: `HU` for CT, `a.u.` (arbitrary) for MRI. */
  unit: string;
  /** True where the cohort has no such scan, and a synthetic one stands in. */
  standIn: boolean;
  /** True where no patient was scanned, as in the volume. */
  synthetic: boolean;
}

export interface SampleScanOptions {
  /** Id; default (also where it is empty) the first patient with such a scan. */
  patient?: string | undefined;
  /** Name of the scan (`ceT1`); default the first of the modality. */
  scan?: string | undefined;
  /** Default any. Scans named `CT` are CT, all others MRI. */
  modality?: 'ct' | 'mri' | undefined;
  /** Take the other modality where the cohort has scans of that one alone. Default false: a synthetic scan stands in. */
  orOther?: boolean | undefined;
  /**
   * A scan of one's own in the place of the cohort's, where it is of the modality asked for: NIfTI, NRRD or a DICOM folder
   * (`folder#phase=2`). Default (also where it is empty) the cohort's.
   */
  image?: string | undefined;
  /** Its mask: NIfTI, NRRD, RTSTRUCT or SEG (`RS.dcm#roi=GTV`). Default: drawn in the folder of the image. */
  mask?: string | undefined;
  /** Settings of the study for drawing regions. Default: label 1, a ring of 5 mm within the body. */
  extraction?: Extraction | undefined;
}

/**
 * One scan of a cohort to look at: the named patient's, or the first that there is. Where the cohort has none of the
 * modality, a small synthetic scan replaces it; its title states this.
 *
 * @throws NacreError `unknown-name` where the cohort has scans, but none of that name or patient
 */
export async function sampleScan(
  cohort: Pick<Cohort, 'patients' | 'images' | 'synthetic' | 'maskThresholds'>,
  options: SampleScanOptions = {},
): Promise<SampleScan> {
  const { patient = '', scan, modality, extraction, orOther = false } = options;
  const namedScan = await ownScan(options);
  if (namedScan !== undefined) return namedScan;
  const all = Object.entries(cohort.images ?? {}).filter(([, files]) => files.some(Boolean));
  const wished = all.filter(([name]) => modality === undefined || modality === modalityOf(name));
  const scans = wished.length === 0 && orOther ? all : wished;
  if (scans.length === 0) return madeByCode(modality ?? 'mri');
  const named = scans.filter(([name]) => scan === undefined || name === scan);
  if (named.length === 0) {
    throw unknownName(
      'no patient has such a scan',
      scan ?? '',
      scans.map(([name]) => name),
    );
  }
  for (const [name, files] of named) {
    const row = files.findIndex(
      (file, i) => file !== undefined && (patient === '' || cohort.patients[i] === patient),
    );
    const found = files[row];
    if (found === undefined) continue;
    const choice = extraction
      ? regionsOf(extraction, name, cohort.maskThresholds)
      : { maskThreshold: cohort.maskThresholds?.[name] };
    const { scan: read, regions } = await readRegions(found, choice);
    const unit = modalityOf(name) === 'ct' ? 'HU' : 'a.u.';
    const mark = cohort.synthetic ? { synthetic: true as const } : markOf(read);
    const volume = withDisplay({ ...read, ...mark, unit });
    return {
      title: `${cohort.patients[row]}, ${name}`,
      volume,
      tumour: regions.intratumoral,
      regions,
      unit,
      standIn: false,
      synthetic: volume.synthetic === true,
    };
  }
  const withScan = cohort.patients.filter((_, i) => named.some(([, files]) => files[i]));
  const wanted = named.map(([name]) => name).join(' or ');
  throw unknownName(`no patient of this id has a scan ${wanted}`, patient, withScan);
}

/** Undefined where none is named, or where it is of another modality. */
async function ownScan({
  image = '',
  mask = '',
  modality,
  extraction,
}: SampleScanOptions): Promise<SampleScan | undefined> {
  if (image === '') return undefined;
  const choice = extraction ? regionsOf(extraction, '') : {};
  const files = { image, mask: mask === '' ? image : mask };
  const { scan: read, regions } = await readRegions(files, choice);
  // Air has about -1000 Hounsfield units; magnitudes of MRI are not negative.
  const ct = read.unit === 'HU' || read.data.some((value) => value < -500);
  if (modality !== undefined && modality !== (ct ? 'ct' : 'mri')) return undefined;
  const unit = ct ? 'HU' : 'a.u.';
  const volume = withDisplay({ ...read, unit });
  return {
    title: basename(parseImageAddress(image).path),
    volume,
    tumour: regions.intratumoral,
    regions,
    unit,
    standIn: false,
    synthetic: volume.synthetic === true,
  };
}

function modalityOf(scan: string): 'ct' | 'mri' {
  return /^ct$/i.test(scan) ? 'ct' : 'mri';
}

function madeByCode(modality: 'ct' | 'mri'): SampleScan {
  const { volume, tumour, unit } = syntheticScan(modality);
  const title = `${modality.toUpperCase()} made by code (the cohort has none)`;
  const regions = tumourRegions(volume, tumour);
  return { title, volume, tumour, regions, unit, standIn: true, synthetic: true };
}
