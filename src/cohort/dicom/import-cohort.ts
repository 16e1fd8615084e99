import { join } from 'node:path';
import { stringify } from 'yaml';
import { requireSameGeometry } from '../../imaging/same-geometry.ts';
import { geometryOf, type Volume } from '../../imaging/volume.ts';
import { writeNifti } from '../../machine/write-nifti.ts';
import { type Assumption, AssumptionLog } from '../../runtime/assumptions.ts';
import { isNacreError, NacreError, unknownName } from '../../runtime/errors.ts';
import { type Progress, silentProgress } from '../../runtime/progress.ts';
import { writeWhole } from '../../runtime/write-whole.ts';
import { type DicomCatalogue, withoutFile } from './catalogue.ts';
import { readCataloguedMask, readCataloguedVolume } from './read-catalogued.ts';
import { type PlannedScan, type SeriesPlan, undecided } from './series-file.ts';

export interface ImportOptions {
  /** Id and title of the cohort in its manifest. Default `my-cohort`. */
  id?: string | undefined;
  /** Resample series that are off their normal. Default false: they are refused. */
  deskew?: boolean | undefined;
  progress?: ((scans: number) => Progress) | undefined;
  signal?: AbortSignal | undefined;
}

export interface ImportedScan {
  patient: string;
  scan: string;
  /** Days after the patient's first study. */
  day?: number | undefined;
  size: readonly number[];
  spacing: readonly number[];
  phase?: number | undefined;
  /** True where the volume before contrast was taken from it. */
  subtracted: boolean;
  /** Voxels of the mask; undefined where there is none. */
  tumourVoxels?: number | undefined;
}

export interface ImportedCohort {
  /** Path of manifest.json. */
  manifest: string;
  scans: ImportedScan[];
  /** Scans that were left to the user and are not decided. */
  undecided: { patient: string; scan: string; why: string }[];
  failures: { patient: string; scan: string; code: string; message: string }[];
  assumptions: Assumption[];
}

/**
 * Writes the scans of a plan: NIfTI and masks, `manifest.json`, `scans.csv`, a study that extracts them, and `import.json`
 * with what was assumed. No name, date, UID, accession number or path of a DICOM file is in them; days count from the
 * patient's first study. A scan with a fault stops nothing.
 *
 * @throws NacreError `unknown-name` where the plan names what the folder lacks; `no-patients` where no scan could be written
 */
export async function importCohort(
  catalogue: DicomCatalogue,
  plan: SeriesPlan,
  out: string,
  { id = 'my-cohort', deskew, progress, signal }: ImportOptions = {},
): Promise<ImportedCohort> {
  const entries = Object.entries(plan.patients).flatMap(([patient, scans]) =>
    Object.entries(scans).map(([scan, planned]) => ({ patient, scan, planned })),
  );
  const open = entries.filter(
    ({ planned }) => planned.series === undecided || planned.mask === undecided,
  );
  const decided = entries.filter((entry) => !open.includes(entry));
  for (const { patient, planned } of decided) requireKnown(catalogue, patient, planned);
  const log = new AssumptionLog();
  const imported: ImportedCohort = {
    manifest: join(out, 'manifest.json'),
    scans: [],
    undecided: open.map(({ patient, scan, planned }) => ({
      patient,
      scan,
      why: planned.why ?? '',
    })),
    failures: [],
    assumptions: [],
  };
  const { tick, stop } = progress?.(decided.length) ?? silentProgress;
  try {
    for (const { patient, scan, planned } of decided) {
      signal?.throwIfAborted();
      // Errors show the id of the series in place of a file name.
      const note = ({ file: _, ...rest }: Assumption) => log.note({ ...rest, patient, scan });
      try {
        imported.scans.push(
          await writeScan({ patient, scan, planned }, catalogue, out, { deskew, note }),
        );
      } catch (error) {
        if (!isNacreError(error) || error.code === 'write-failed') throw error;
        imported.failures.push({ patient, scan, code: error.code, message: withoutFile(error) });
      }
      tick(`${patient} ${scan}`);
    }
  } finally {
    stop();
  }
  if (imported.scans.length === 0) {
    throw new NacreError('no-patients', 'no scan of the plan could be imported', {
      found: imported.failures[0]?.message ?? `${open.length} undecided scans`,
      expected: 'at least one scan with its series and mask',
      todo: 'decide in series.yaml, then run the command again',
    });
  }
  for (const one of imported.undecided) {
    log.note({
      kind: 'scan-undecided',
      level: 'warning',
      patient: one.patient,
      scan: one.scan,
      found: one.why,
      taken: 'not imported',
      why: 'decide in series.yaml, then run the import again',
    });
  }
  imported.assumptions = log.list();
  writeTables(imported, out, id);
  return imported;
}

async function writeScan(
  { patient, scan, planned }: { patient: string; scan: string; planned: PlannedScan },
  catalogue: DicomCatalogue,
  out: string,
  options: { deskew?: boolean | undefined; note: (assumption: Assumption) => void },
): Promise<ImportedScan> {
  const seriesOf = (wanted: string) => catalogue.series.find(({ id }) => id === wanted);
  const series = seriesOf(planned.series) as NonNullable<ReturnType<typeof seriesOf>>;
  let image = await readCataloguedVolume(series, planned.phase, options);
  const mask =
    planned.mask === 'none' ? undefined : await maskOf(image, planned, catalogue, options);
  if (planned.subtract !== undefined) {
    const { series: wanted, phase } = planned.subtract;
    const before = seriesOf(wanted) as NonNullable<ReturnType<typeof seriesOf>>;
    options.note({
      kind: 'difference-image',
      level: 'warning',
      found: 'a scan minus the volume before contrast',
      taken: 'the difference; study.yaml leaves it out',
      why: 'air and tissue look alike in it, so that no ring can be cut to the body: extract it with ringWithin: scan',
    });
    image = difference(image, await readCataloguedVolume(before, phase, options), patient);
  }
  writeNifti(join(out, imagePath(patient, scan)), image);
  if (mask !== undefined) writeNifti(join(out, maskPath(patient, scan)), mask);
  return {
    ...{
      patient,
      scan,
      day: series.day,
      size: image.size,
      spacing: image.spacing,
      phase: planned.phase,
      subtracted: planned.subtract !== undefined,
    },
    tumourVoxels: mask?.data.reduce((sum, value) => sum + (value === 0 ? 0 : 1), 0),
  };
}

async function maskOf(
  image: Volume,
  { mask, roi }: PlannedScan,
  { regions }: DicomCatalogue,
  options: { note: (assumption: Assumption) => void },
) {
  const found = regions.find(({ id }) => id === mask) as DicomCatalogue['regions'][number];
  const named = found.regions.filter(
    ({ name, number }) =>
      roi === undefined || name === String(roi) || String(number) === String(roi),
  );
  if (named.length !== 1) {
    throw new NacreError('several-regions', 'the plan does not select one region', {
      found:
        named.length === 0
          ? String(roi)
          : named.map(({ name, number }) => `${name} (${number})`).join(', '),
      expected: `one of ${found.regions.map(({ name, number }) => name || number).join(', ')}`,
      todo: 'write its name or number beside the mask in series.yaml (roi)',
    });
  }
  return readCataloguedMask(image, found, named[0].number, options);
}

/** After minus before, voxel by voxel; whole numbers stay whole. */
function difference(after: Volume, before: Volume, patient: string): Volume {
  requireSameGeometry(after, before, { patient });
  const whole = [after, before].every(
    ({ data }) => !(data instanceof Float32Array || data instanceof Float64Array),
  );
  const data = whole ? new Int32Array(after.data.length) : new Float32Array(after.data.length);
  for (let i = 0; i < data.length; i++) data[i] = after.data[i] - before.data[i];
  return { ...geometryOf(after), data };
}

const imagePath = (patient: string, scan: string) => `scans/${patient}/${scan}.nii.gz`;
const maskPath = (patient: string, scan: string) => `scans/${patient}/${scan}-mask.nii.gz`;

function requireKnown(
  { series, regions }: DicomCatalogue,
  patient: string,
  planned: PlannedScan,
): void {
  const what = (kind: string) => `the plan names a ${kind} that the folder lacks for ${patient}`;
  const known = series.filter((one) => one.patient === patient).map(({ id }) => id);
  for (const id of [planned.series, planned.subtract?.series]) {
    if (id !== undefined && !known.includes(id)) throw unknownName(what('series'), id, known);
  }
  const masks = regions.map(({ id }) => id);
  if (planned.mask !== 'none' && !masks.includes(planned.mask)) {
    throw unknownName(what('contour set or segmentation'), planned.mask, masks);
  }
}

function writeTables(
  { scans, failures, undecided: open, assumptions }: ImportedCohort,
  out: string,
  id: string,
): void {
  const names = [...new Set(scans.map(({ scan }) => scan))].sort();
  const patients = [...new Set(scans.map(({ patient }) => patient))].sort();
  const manifest = {
    format: 'nacre-cohort-1',
    id,
    title: `${id}: scans imported from DICOM`,
    citation: 'not published yet',
    licence: 'not to be shared',
    synthetic: false,
    patients,
    modalities: Object.fromEntries(names.map((scan) => [scan, { title: scan }])),
    images: Object.fromEntries(
      names.map((scan) => [
        scan,
        { image: imagePath('{patient}', scan), mask: maskPath('{patient}', scan) },
      ]),
    ),
  };
  const rows = [
    'patient,scan,day,phase,size,spacing_mm,tumour_voxels',
    ...scans.map(({ patient, scan, day, phase, size, spacing, tumourVoxels }) =>
      [
        ...[patient, scan, day ?? '', phase ?? '', size.join('×')],
        ...[spacing.map((mm) => Number(mm.toFixed(4))).join('×'), tumourVoxels ?? ''],
      ].join(','),
    ),
  ];
  const differences = new Set(scans.filter(({ subtracted }) => subtracted).map(({ scan }) => scan));
  const extracted = names.filter(
    (scan) => !differences.has(scan) || differences.size === names.length,
  );
  const study = {
    id,
    title: `Features of ${id}`,
    cohort: 'manifest.json',
    endpoints: [],
    extraction: { scans: extracted, regions: ['intra', 'peri'], extractors: ['radiomics'] },
    sets: { radiomics: { extractor: 'radiomics' } },
    seed: 1,
    pipeline: {
      mrmr: { method: 'fcq', features: 50 },
      rfe: { features: 10, step: 1 },
      booster: { rounds: [100], maxDepth: [3], learningRate: [0.1] },
    },
  };
  writeWhole(join(out, 'scans.csv'), `${rows.join('\n')}\n`);
  writeWhole(
    join(out, 'import.json'),
    `${JSON.stringify({ scans, failures, undecided: open, assumptions }, null, 2)}\n`,
  );
  writeWhole(
    join(out, 'study.yaml'),
    `# Extracts the imported scans: nacre extract study.yaml --tables tables. Add clinical tables and endpoints for a study.\n${stringify(study)}`,
  );
  writeWhole(join(out, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);
}
