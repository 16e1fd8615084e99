import { describe, expect, it } from 'vitest';
import { imageNames } from '../../src/radiomics/image-names.ts';
import { imageTypes } from '../../src/radiomics/image-type-names.ts';
import { imagesOf } from '../../src/radiomics/image-types.ts';
import { defaultSettings, type Settings } from '../../src/radiomics/settings.ts';
import { maskOf, volumeOf } from './small-volumes.ts';

const named = (type: (typeof imageTypes)[number], changed: Partial<Settings> = {}) =>
  imageNames(type, { ...defaultSettings, ...changed });

describe('imageNames', () => {
  it.each([
    [[3], ['log-sigma-3-0-mm-3D']],
    [['3'], ['log-sigma-3-mm-3D']],
    [
      [0.5, 1.25],
      ['log-sigma-0-5-mm-3D', 'log-sigma-1-25-mm-3D'],
    ],
  ])('spells sigma %j as Python does', (sigma, names) => {
    expect(named('LoG', { sigma })).toEqual(names);
  });

  it('numbers wavelet levels from the second on, the approximation last', () => {
    const one = 'LLH LHL LHH HLL HLH HHL HHH'.split(' ');
    expect(named('Wavelet')).toEqual([...one, 'LLL'].map((band) => `wavelet-${band}`));
    expect(named('Wavelet', { level: 2 })).toEqual([
      ...one.map((band) => `wavelet-${band}`),
      ...[...one, 'LLL'].map((band) => `wavelet2-${band}`),
    ]);
    const flat = ['wavelet-LH', 'wavelet-HL', 'wavelet-HH', 'wavelet-LL'];
    expect(named('Wavelet', { force2D: true })).toEqual(flat);
  });

  it('are those of the images that are made, for every type', () => {
    const image = volumeOf([14, 13, 12], (i, j, k) => ((i * 31 + j * 17 + k * 7) % 97) + 1);
    const mask = maskOf(
      [14, 13, 12],
      (i, j, k) => i > 3 && i < 9 && j > 3 && j < 9 && k > 3 && k < 9,
    );
    const box = { low: [4, 4, 4], high: [8, 8, 8] } as const;
    for (const type of imageTypes) {
      for (const changed of [{}, { level: 2, force2D: true, lbp3DLevels: 3 }]) {
        const setting = { ...defaultSettings, sigma: [1, '2'], ...changed };
        const made = [...imagesOf(type, image, setting, box, [mask])];
        expect(made.map(({ name }) => name)).toEqual(imageNames(type, setting));
        for (const one of made) expect('volume' in one, one.name).toBe(true);
      }
    }
  });
});
