import { expect, it } from 'vitest';
import { measureInSteps } from '../../../src/explore/worker/measure-in-steps.ts';
import { openScan } from '../../../src/explore/worker/open-scan.ts';
import { bodyMask } from '../../../src/imaging/body.ts';
import { niftiBytes } from '../../../src/imaging/nifti-bytes.ts';
import { peritumoralRing } from '../../../src/imaging/peritumoral-ring.ts';
import { syntheticScan } from '../../../src/notebook/synthetic-scan.ts';
import { RadiomicsExtractor } from '../../../src/radiomics/extractor.ts';

const made = syntheticScan('mri');
const files = (name: string, bytes: Uint8Array) => [
  { path: name, file: new Blob([Uint8Array.from(bytes)]) },
];

const types = { Original: {}, LoG: { sigma: [2] }, Wavelet: {} };
const requests = [
  { region: 'intra', ringMm: 5, setting: {} },
  { region: 'peri', ringMm: 9, setting: {} },
  { region: 'peri', ringMm: 4, setting: { normalize: true, normalizeScale: 100 } },
  {
    region: 'intra',
    ringMm: 4,
    setting: { normalize: true, normalizeScale: 50, removeOutliers: 3 },
  },
  { region: 'peri', ringMm: 30, setting: { resampledPixelSpacing: [2, 2, 2] } },
] as const;

it('gives the numbers of one extraction, one request after another, and takes no second place for region and normalised image', async () => {
  const { scan } = await openScan({
    kind: 'open',
    id: 1,
    image: files('scan.nii.gz', niftiBytes(made.volume)),
    mask: files('mask.nii.gz', niftiBytes(made.tumour)),
  });
  const body = bodyMask(scan.image);
  const tumour = { ...made.tumour, ...scan.maskGrid };
  const places = { region: new Set(), normalised: new Set() };
  for (const { region, ringMm, setting } of requests) {
    const parameters = {
      imageType: types,
      featureClass: { shape: [], firstorder: [], glcm: [] },
      setting: { ...setting, binWidth: 5 },
    };
    const mask = region === 'peri' ? peritumoralRing(tumour, { outer: ringMm, body }) : tumour;
    const { features } = new RadiomicsExtractor(parameters as never).execute(scan.image, mask);
    const found: Record<string, number> = {};
    let voxels = 0;
    for (const step of measureInSteps(scan, {
      parameters: parameters as never,
      region,
      ringMm,
      ringWithin: 'body',
    })) {
      for (const { name, value } of step.features) found[name] = value ?? Number.NaN;
      voxels = step.voxels;
      places.region.add(scan.region?.data);
      if (scan.normalised !== undefined) places.normalised.add(scan.normalised.volume.data);
    }
    expect(found).toEqual(features);
    expect(voxels).toBe(mask.data.reduce((sum, inside) => sum + inside, 0));
  }
  expect(places.region.size).toBe(1);
  expect(places.normalised.size).toBe(1);
  // The last request does not normalise.
  expect(scan.normalised).toBeUndefined();
});
