import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { peerPython, peerVersions } from '../../bench/peers/peer-environment.ts';
import { readVolume } from '../../src/imaging/read-volume.ts';
import { RadiomicsExtractor } from '../../src/radiomics/extractor.ts';
import {
  type ParityReport,
  type ParityRow,
  relativeDifference,
  SuiteSkipped,
} from './parity-row.ts';
import { missReason } from './reference/miss-reason.ts';
import { referenceFile } from './reference/reference-file.ts';

export const scope = 'parity-only';

const tolerance = 1e-4;
const patients = ['STS_002', 'STS_015', 'STS_042'];
const settings = {
  imageType: { Original: {}, Wavelet: {}, LoG: { sigma: [1.5, 3.5] }, Gradient: {}, Square: {} },
  featureClass: { shape: [], firstorder: [], glcm: [], gldm: [], glrlm: [], glszm: [], ngtdm: [] },
};
const scans = [
  { scan: 'CT', parameters: { ...settings, setting: { binWidth: 25 } } },
  {
    scan: 'MR_T1',
    parameters: { ...settings, setting: { binCount: 32, resampledPixelSpacing: [2, 2, 2] } },
  },
];

interface PeerCase {
  id: string;
  features?: Record<string, number | null>;
  error?: string;
}

/**
 * Three real patients, CT and MRI, measured by PyRadiomics itself in a virtual environment, and by us: from the files as
 * they are (float32, whose wavelets both filter in float32) and with their voxels handed over as doubles.
 */
export default async function compare(): Promise<ParityReport> {
  const cases = patients.flatMap((patient) =>
    scans.flatMap(({ scan, parameters }) =>
      [false, true].map((double) => ({
        id: `${patient} ${scan}${double ? ', doubles' : ''}`,
        double,
        image: referenceFile('datasets', 'sts', patient, `${scan}_image.nii.gz`),
        mask: referenceFile('datasets', 'sts', patient, `${scan}_mask.nii.gz`),
        parameters,
      })),
    ),
  );
  const python = peer();
  const script = fileURLToPath(
    new URL('../../bench/peers/pyradiomics_extract.py', import.meta.url),
  );
  const { status, stdout, stderr } = spawnSync(python, [script], {
    input: JSON.stringify(cases),
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  if (status !== 0) throw new Error(`PyRadiomics broke off: ${stderr.trim().split('\n').at(-1)}`);
  const found = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as PeerCase);
  const rows: ParityRow[] = [];
  for (const [at, { id, image, mask, parameters, double }] of cases.entries()) {
    const { features: theirs, error } = found[at];
    if (theirs === undefined) throw new Error(`PyRadiomics failed on ${id}: ${error}`);
    const scan = await readVolume(image);
    const { features, reasons } = new RadiomicsExtractor(parameters as never).execute(
      double ? { ...scan, data: Float64Array.from(scan.data) } : scan,
      await readVolume(mask),
    );
    for (const [item, value] of Object.entries(theirs)) {
      const reference = value ?? Number.NaN;
      const ours = features[item] ?? Number.NaN;
      const ok = relativeDifference(ours, reference) <= tolerance;
      const note = ok ? undefined : missReason(item, ours, reference, reasons[item]);
      rows.push({
        suite: 'pyradiomics live',
        case: id,
        item,
        ours,
        reference,
        tolerance: '1e-4 relative',
        ok,
        ...(note === undefined ? {} : { note }),
      });
    }
  }
  const versions = peerVersions(python, ['pyradiomics', 'SimpleITK', 'PyWavelets', 'numpy']);
  const named = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return { rows, required: 0.99, remarks: [named.join(', ')] };
}

function peer(): string {
  try {
    return peerPython('pyradiomics');
  } catch (error) {
    throw new SuiteSkipped((error as Error).message);
  }
}
