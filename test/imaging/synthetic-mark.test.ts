import { expect, it } from 'vitest';
import { crop, growBox } from '../../src/imaging/crop.ts';
import { clampToWindow } from '../../src/imaging/intensity.ts';
import { parseNifti } from '../../src/imaging/nifti.ts';
import { niftiBytes } from '../../src/imaging/nifti-bytes.ts';
import { peritumoralRing } from '../../src/imaging/peritumoral-ring.ts';
import { perturbMask } from '../../src/imaging/perturb/perturb-mask.ts';
import { resample } from '../../src/imaging/resample.ts';
import type { Geometry, Volume } from '../../src/imaging/volume.ts';
import { syntheticScan } from '../../src/notebook/synthetic-scan.ts';
import { filterImage } from '../../src/radiomics/filter-image.ts';
import { imageTypes } from '../../src/radiomics/image-type-names.ts';
import { regionOfInterest } from '../../src/radiomics/region-of-interest.ts';
import { RandomStream } from '../../src/runtime/random-stream.ts';

const { volume, tumour } = syntheticScan('ct');
const box = { low: [50, 25, 8], high: [80, 45, 18] } as const;
const small: Volume = crop(volume, box);

it.each<[string, () => Geometry]>([
  ['a crop', () => small],
  ['a resampled volume', () => resample(small, { spacing: 2 })],
  ['a clamped volume', () => clampToWindow(small, 'lung')],
  ['a ring', () => peritumoralRing(crop(tumour, growBox(box, 6, tumour)), { outer: 4 })],
  ['a region', () => regionOfInterest(volume, tumour)],
  [
    'a perturbed mask',
    () => perturbMask(volume, tumour, { rotate: 5 }, RandomStream.of(1, 'mark')).mask,
  ],
  ['a file that was written and read', () => parseNifti(niftiBytes(small), 'scan.nii.gz')],
])('%s of a scan made by code keeps the mark', (_, made) => {
  expect(made().synthetic).toBe(true);
});

const filters = imageTypes.filter((name) => name !== 'Original' && !name.startsWith('LBP'));
it.each([...filters, 'LBP2D', 'LBP3D'] as const)(
  '%s keeps the mark and drops the unit',
  (filter) => {
    const maps = filterImage(small, { filter, ...settingsOf(filter) });
    expect(maps.length).toBeGreaterThan(0);
    for (const { volume: map } of maps)
      expect([map.synthetic, map.unit]).toEqual([true, undefined]);
  },
);

it('the unit stays where values stay what they are, and nothing is marked without a reason', () => {
  expect([
    small.unit,
    resample(small, { spacing: 2 }).unit,
    clampToWindow(small, 'lung').unit,
  ]).toEqual(['HU', 'HU', 'HU']);
  const { synthetic: _, ...real } = small;
  expect(parseNifti(niftiBytes(real), 'scan.nii.gz')).not.toHaveProperty('synthetic');
  expect(resample(real, { spacing: 2 })).not.toHaveProperty('synthetic');
});

function settingsOf(filter: string): object {
  if (filter === 'Laws') return { lawsKernel: 'E5L5S5' };
  if (filter === 'LoG') return { sigma: [2] };
  if (filter === 'Gabor') return { gaborSigma: [3], gaborLambda: [2], gaborGamma: [1] };
  return {};
}
