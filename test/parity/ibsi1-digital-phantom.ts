import { readVolume } from '../../src/imaging/read-volume.ts';
import { RadiomicsExtractor } from '../../src/radiomics/extractor.ts';
import type { ParityReport } from './parity-row.ts';
import {
  digitalPhantomFile,
  digitalPhantomValues,
  everyFeature,
  ibsiRows,
} from './reference/ibsi1.ts';

/** Each IBSI 1 consensus value of the digital phantom for 3D, beside ours, as the extractor gives it. */
export default async function compare(): Promise<ParityReport> {
  const image = await readVolume(digitalPhantomFile('image.nii.gz'));
  const mask = await readVolume(digitalPhantomFile('mask.nii.gz'));
  const extract = (weightingNorm: 'no_weighting' | null) =>
    new RadiomicsExtractor({
      featureClass: everyFeature(),
      // Bins of width 1 from the minimum, which is 1, are the phantom's own levels.
      setting: { conventions: 'ibsi', binWidth: 1, weightingNorm },
    }).execute(image, mask).features;
  return ibsiRows('ibsi1 digital phantom', '', digitalPhantomValues(), {
    averaged: extract(null),
    merged: extract('no_weighting'),
  });
}
