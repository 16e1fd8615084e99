import { readVolume } from '../../src/imaging/read-volume.ts';
import { RadiomicsExtractor } from '../../src/radiomics/extractor.ts';
import type { ParityReport } from './parity-row.ts';
import {
  digitalPhantomFile,
  digitalPhantomValues,
  everyFeature,
  ibsiRows,
} from './reference/ibsi1.ts';

/**
 * Each IBSI 1 consensus value of the digital phantom beside ours, as the extractor gives it: in 3D, and with `force2D` the
 * matrices of all slices together (2.5D).
 */
export default async function compare(): Promise<ParityReport> {
  const image = await readVolume(digitalPhantomFile('image.nii.gz'));
  const mask = await readVolume(digitalPhantomFile('mask.nii.gz'));
  const extract = (weightingNorm: 'no_weighting' | null, force2D = false) =>
    new RadiomicsExtractor({
      featureClass: everyFeature(),
      // Bins of width 1 from the minimum, which is 1, are the phantom's own levels.
      setting: { conventions: 'ibsi', binWidth: 1, weightingNorm, force2D },
    }).execute(image, mask).features;
  const suite = 'ibsi1 digital phantom';
  const whole = ibsiRows(suite, '', digitalPhantomValues(), {
    averaged: extract(null),
    merged: extract('no_weighting'),
  });
  const slices = ibsiRows(suite, '', digitalPhantomValues('2.5D'), {
    averaged: extract(null, true),
    merged: extract('no_weighting', true),
  });
  return {
    rows: [...whole.rows, ...slices.rows],
    remarks: [
      ...whole.remarks.map((remark) => `3D: ${remark}`),
      ...slices.remarks.map((remark) => `2.5D: ${remark}`),
    ],
  };
}
