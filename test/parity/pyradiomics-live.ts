import type { ParityReport } from './parity-row.ts';
import { compareLive } from './reference/pyradiomics-rows.ts';
import { referenceFile } from './reference/reference-file.ts';

export const scope = 'parity-only';

const suite = { suite: 'pyradiomics live', tolerance: 1e-4, toleranceText: '1e-4 relative' };
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
  return { ...(await compareLive(suite, cases)), required: 0.99 };
}
