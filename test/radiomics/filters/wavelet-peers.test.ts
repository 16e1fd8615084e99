import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Vector3, Volume } from '../../../src/imaging/volume.ts';
import type { Boundary } from '../../../src/radiomics/filters/boundary.ts';
import type { FilteredImage } from '../../../src/radiomics/filters/filtered-image.ts';
import { wavelet } from '../../../src/radiomics/filters/wavelet.ts';
import { decimatedWavelet, onImageGrid } from '../../../src/radiomics/filters/wavelet-decimated.ts';
import { waveletNames } from '../../../src/radiomics/filters/wavelet-filters.ts';
import { grid } from '../small-volumes.ts';

/** PyWavelets 1.9.0 by bench/peers/wavelets_reference.py. */
interface Golden {
  pywavelets: string;
  wavelets: Record<
    string,
    {
      undecimated: Record<string, number>;
      mode: 'symmetric' | 'periodic' | 'zero' | 'constant';
      decimated: Record<string, number>;
    }
  >;
  whole: Record<string, Record<'undecimated' | 'decimated', Record<string, number[]>>>;
}
const golden: Golden = JSON.parse(
  readFileSync(new URL('../../goldens/wavelets.json', import.meta.url), 'utf8'),
);

const boundaries: Record<string, Boundary> = {
  symmetric: 'mirror',
  periodic: 'periodic',
  zero: 'zero',
  constant: 'nearest',
};

const size: Vector3 = [8, 6, 10];

function image(): Volume {
  let state = 12345n;
  const data = Float64Array.from({ length: 480 }, () => {
    state = (state * 1103515245n + 12345n) % 2147483648n;
    return Number(state % 1000n);
  });
  return { ...grid(size, [1, 2, 3]), data };
}

const bands = (images: FilteredImage[]) =>
  new Map(images.map(({ name, volume }) => [name.split('-')[1], volume.data as Float64Array]));

/** Each sum of up to 960 terms of the size of 1,000 times the gain of a sub-band. */
const tolerance = 1e-10;

describe(`PyWavelets ${golden.pywavelets}`, () => {
  it('has no discrete wavelet that is not here', () => {
    expect([...waveletNames].sort()).toEqual(Object.keys(golden.wavelets).sort());
  });

  it.each(Object.keys(golden.wavelets))('%s, undecimated and decimated', (name) => {
    const { undecimated, decimated, mode } = golden.wavelets[name];
    const both = [
      [undecimated, bands(wavelet(image(), { wavelet: name }))],
      [decimated, bands(decimatedWavelet(image(), { wavelet: name, boundary: boundaries[mode] }))],
    ] as const;
    for (const [theirs, ours] of both) {
      expect([...ours.keys()].sort()).toEqual(Object.keys(theirs).sort());
      for (const [band, sum] of Object.entries(theirs)) {
        const data = ours.get(band) as Float64Array;
        const norm = data.reduce((total, x) => total + Math.abs(x), 0);
        const weighed = data.reduce((total, x, i) => total + x * Math.cos(i), 0);
        expect(Math.abs(weighed - sum) / (1 + norm), band).toBeLessThan(tolerance);
      }
    }
  });

  it.each(Object.keys(golden.whole))('%s, every coefficient', (name) => {
    const { undecimated, decimated } = golden.whole[name];
    const both = [
      [undecimated, bands(wavelet(image(), { wavelet: name }))],
      [decimated, bands(decimatedWavelet(image(), { wavelet: name }))],
    ] as const;
    for (const [theirs, ours] of both) {
      for (const [band, values] of Object.entries(theirs)) {
        const data = ours.get(band) as Float64Array;
        expect(data).toHaveLength(values.length);
        const worst = values.reduce((most, x, i) => Math.max(most, Math.abs(x - data[i])), 0);
        expect(worst / 1000, band).toBeLessThan(tolerance);
      }
    }
  });
});

describe('decimatedWavelet', () => {
  it('keeps every other coefficient of the undecimated transform, where it lies', () => {
    const volume = image();
    for (const name of ['haar', 'db3', 'bior3.5']) {
      const all = wavelet(volume, { wavelet: name, boundary: 'zero' });
      for (const { name: band, volume: half } of decimatedWavelet(volume, {
        wavelet: name,
        boundary: 'zero',
      })) {
        const whole = all.find((one) => one.name === band) as FilteredImage;
        const box = { low: [0, 0, 0], high: [7, 5, 9] } as const;
        const repeated = onImageGrid(half, volume, box);
        let same = 0;
        for (let i = 0; i < 480; i++) {
          if (Math.abs(repeated.data[i] - whole.volume.data[i]) < 1e-9) same++;
        }
        // One voxel of each 2 × 2 × 2 holds its own coefficient, at least.
        expect(same, band).toBeGreaterThanOrEqual(60);
        expect(half.spacing).toEqual([2, 4, 6]);
      }
    }
  });

  it('decomposes the low-pass of the level before', () => {
    const [, second] = [1, 2].map((level) =>
      decimatedWavelet(image(), { wavelet: 'bior2.2', level }),
    );
    const low = decimatedWavelet(image(), { wavelet: 'bior2.2' }).at(-1) as FilteredImage;
    const again = decimatedWavelet(low.volume, { wavelet: 'bior2.2' });
    expect(
      second.map(({ name }) => name).filter((name) => name.startsWith('wavelet2')),
    ).toHaveLength(8);
    expect(second.at(-1)?.volume).toEqual(again.at(-1)?.volume);
  });
});
