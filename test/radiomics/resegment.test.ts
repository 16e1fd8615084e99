import { describe, expect, it } from 'vitest';
import { RadiomicsExtractor } from '../../src/radiomics/extractor.ts';
import {
  outlierBounds,
  regionMoments,
  resegment,
  resegmentBounds,
} from '../../src/radiomics/resegment.ts';
import { defaultSettings, type Settings } from '../../src/radiomics/settings.ts';
import { grid, maskOf } from './small-volumes.ts';

/** The region holds 0, 2, 4, 6, 8 (mean 4, population standard deviation √8); 100 lies outside it. */
const image = { ...grid([6, 1, 1]), data: Float32Array.of(0, 2, 4, 6, 8, 100) };
const mask = maskOf([6, 1, 1], (i) => i < 5);
const bounds = (resegmentRange: number[] | null, resegmentMode: Settings['resegmentMode']) =>
  resegmentBounds(image, mask, { ...defaultSettings, resegmentRange, resegmentMode });

describe('regionMoments', () => {
  it('are those of the region, or of the whole image', () => {
    expect(regionMoments(image, mask)).toEqual({
      mean: 4,
      sd: Math.sqrt(8),
      minimum: 0,
      maximum: 8,
    });
    expect(regionMoments(image)).toMatchObject({ mean: 20, minimum: 0, maximum: 100 });
  });

  it('lose no digits to a large offset', () => {
    const high = { ...image, data: Float64Array.from(image.data, (x) => x + 1e9) };
    expect(regionMoments(high, mask).sd).toBe(Math.sqrt(8));
  });
});

describe('resegmentBounds', () => {
  it('are intensities, shares of the maximum, or standard deviations from the mean', () => {
    expect(bounds(null, 'absolute')).toBeUndefined();
    expect(bounds([1, 7], 'absolute')).toEqual({ low: 1, high: 7 });
    expect(bounds([0.5, 1], 'relative')).toEqual({ low: 4, high: 8 });
    expect(bounds([-1, 1], 'sigma')).toEqual({ low: 4 - Math.sqrt(8), high: 4 + Math.sqrt(8) });
  });

  it('are put in order, and open above where one is given', () => {
    expect(bounds([7, 1], 'absolute')).toEqual({ low: 1, high: 7 });
    expect(bounds([3], 'absolute')).toEqual({ low: 3, high: Number.POSITIVE_INFINITY });
  });
});

describe('resegment', () => {
  it('keeps voxels within the bounds, both included, and none outside the region', () => {
    const left = resegment(image, mask, { low: 2, high: 6 });
    expect([...left.data]).toEqual([0, 1, 1, 1, 0, 0]);
    expect([...resegment(image, mask, { low: 4, high: Infinity }).data]).toEqual([
      0, 0, 1, 1, 1, 0,
    ]);
    expect([...mask.data]).toEqual([1, 1, 1, 1, 1, 0]);
  });

  it('refuses to leave one voxel or none', () => {
    const tight = { low: 3, high: 5 };
    expect(() => resegment(image, mask, tight)).toThrow(/1 of 5 voxels within 3 to 5.*at least 2/);
  });
});

describe('resegmentSigma', () => {
  it('counts deviations of what the range has left', () => {
    expect(outlierBounds(image, mask, 1)).toEqual({
      low: 4 - Math.sqrt(8),
      high: 4 + Math.sqrt(8),
    });
    const whole = maskOf([6, 1, 1], () => true);
    const range = (setting: Partial<Settings>) => {
      const { features } = new RadiomicsExtractor({
        featureClass: { firstorder: ['Minimum', 'Maximum'] },
        setting: { minimumROIDimensions: 1, ...setting },
      }).execute(image, whole);
      return [features.original_firstorder_Minimum, features.original_firstorder_Maximum];
    };
    expect(range({ resegmentRange: [0, 50] })).toEqual([0, 8]);
    expect(range({ resegmentRange: [0, 50], resegmentSigma: 1 })).toEqual([2, 6]);
    // Of all six voxels: mean 20, standard deviation 35.9.
    expect(range({ resegmentSigma: 1 })).toEqual([0, 8]);
  });
});
