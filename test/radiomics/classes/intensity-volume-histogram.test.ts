import { describe, expect, it } from 'vitest';
import { intensityVolumeHistogram } from '../../../src/radiomics/classes/intensity-volume-histogram.ts';
import { byName, madeRegion } from '../made-region.ts';

const histogram = (values: readonly number[], options = {}) =>
  byName(
    intensityVolumeHistogram.compute(
      madeRegion(
        [values.length, 1, 1],
        (i) => values[i],
        () => 1,
      ),
      options,
    ),
  );

describe('intensity-volume histogram', () => {
  it('of 0 to 100: both fractions are straight lines', () => {
    const got = histogram(Array.from({ length: 101 }, (_, i) => i));
    expect(got.VolumeAtIntensityFraction10).toBeCloseTo(91 / 101, 12);
    expect(got.VolumeAtIntensityFraction90).toBeCloseTo(11 / 101, 12);
    // 10 voxels (91 to 100) are 9.9% and 11 are 10.9%; 90 voxels (11 to 100) are 89.1%.
    expect(got.IntensityAtVolumeFraction10).toBe(91);
    expect(got.IntensityAtVolumeFraction90).toBe(11);
    expect(got.IntensityFractionDifference).toBe(80);
  });

  it('whole numbers step by one, others to the next that occurs', () => {
    const values = [1, 1, 1, 5, 9, 9, 9, 9, 9, 20];
    expect(histogram(values).IntensityAtVolumeFraction90).toBe(2);
    expect(histogram(values).IntensityAtVolumeFraction10).toBe(10);
    const scaled = values.map((value) => value + 0.25);
    expect(histogram(scaled).IntensityAtVolumeFraction90).toBe(5.25);
    expect(histogram(scaled).IntensityAtVolumeFraction10).toBe(20.25);
  });

  it('bins begin at the lower end of the range and stand for their centres', () => {
    const values = [-90, -12, 3, 3.9, 4, 55, 100];
    const got = histogram(values, { ivhBinWidth: 4, ivhRange: [-100, 100] });
    // Centres -90, -10, 2, 2, 6, 54, 98; the range of centres is -98 to 98.
    expect(got.VolumeAtIntensityFraction10).toBeCloseTo(6 / 7, 12);
    expect(got.VolumeAtIntensityFraction90).toBeCloseTo(1 / 7, 12);
    expect(got.IntensityAtVolumeFraction90).toBe(-86);
    expect(histogram(values, { ivhRange: [-1000, Infinity] }).VolumeAtIntensityFraction90).toBe(
      5 / 7,
    );
  });

  it('with a number of bins counts their numbers, whatever their unit', () => {
    const values = Array.from({ length: 200 }, (_, i) => (i * 37) % 101);
    const got = histogram(values, { ivhBinCount: 50 });
    const scaled = values.map((value) => value / 4096 - 8);
    expect(histogram(scaled, { ivhBinCount: 50 })).toEqual(got);
    expect(got.IntensityAtVolumeFraction10).toBeGreaterThan(got.IntensityAtVolumeFraction90);
    expect(got.IntensityAtVolumeFraction10).toBeLessThanOrEqual(50);
  });

  it('has no intensity that few voxels reach where most have the highest', () => {
    const values = intensityVolumeHistogram.compute(madeRegion([9, 1, 1], () => 4));
    const { value, reason } = values.filter(({ name }) => name.endsWith('VolumeFraction10'))[0];
    expect([value, reason]).toEqual([
      Number.NaN,
      expect.stringContaining('more voxels than this share'),
    ]);
  });
});
