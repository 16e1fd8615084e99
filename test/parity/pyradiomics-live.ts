import { readVolume } from '../../src/imaging/read-volume.ts';
import { RadiomicsExtractor } from '../../src/radiomics/extractor.ts';
import { type ParityReport, type ParityRow, relativeDifference } from './parity-row.ts';
import { missReason } from './reference/miss-reason.ts';
import { measuredByPyRadiomics, versionsOfPyRadiomics } from './reference/peer.ts';
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
  const found = measuredByPyRadiomics(cases);
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
  return { rows, required: 0.99, remarks: [versionsOfPyRadiomics()] };
}
