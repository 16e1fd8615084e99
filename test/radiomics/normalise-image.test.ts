import { describe, expect, it } from 'vitest';
import { normaliseImage } from '../../src/radiomics/normalise-image.ts';
import { defaultSettings } from '../../src/radiomics/settings.ts';
import { grid, volumeOf } from './small-volumes.ts';

describe('normaliseImage', () => {
  /** 1 to 5: mean 3, sample standard deviation √2.5. */
  const ramp = { ...grid([5, 1, 1]), data: Int16Array.of(1, 2, 3, 4, 5) };

  it('gives mean 0 and sample standard deviation 1, times the scale', () => {
    const { data } = normaliseImage(ramp, { ...defaultSettings, normalizeScale: 100 });
    const z = [-2, -1, 0, 1, 2].map((x) => (100 * x) / Math.sqrt(2.5));
    for (const [i, x] of data.entries()) expect(x).toBeCloseTo(z[i], 12);
    expect(data).toBeInstanceOf(Float64Array);
    expect([...ramp.data]).toEqual([1, 2, 3, 4, 5]);
  });

  it('clips at so many standard deviations, before the scale', () => {
    const settings = { ...defaultSettings, normalizeScale: 10, removeOutliers: 1 };
    const { data } = normaliseImage(ramp, settings);
    const z = 10 / Math.sqrt(2.5);
    for (const [i, x] of [-10, -z, 0, z, 10].entries()) expect(data[i]).toBeCloseTo(x, 12);
    expect(data[4]).toBe(10);
  });

  it('does not see gain and offset', () => {
    const one = volumeOf([4, 3, 2], (i, j, k) => i * i - 3 * j + k);
    const other = { ...one, data: one.data.map((x) => 7 * x + 1e6) };
    const a = normaliseImage(one, defaultSettings).data;
    const b = normaliseImage(other, defaultSettings).data;
    for (const [i, x] of b.entries()) expect(x).toBeCloseTo(a[i], 9);
  });

  it('gives doubles for single precision too, as SimpleITK does', () => {
    const single = { ...ramp, data: Float32Array.from(ramp.data) };
    const { data } = normaliseImage(single, defaultSettings);
    expect(data).toBeInstanceOf(Float64Array);
    expect(data[4]).toBe(2 * (1 / Math.sqrt(2.5)));
  });

  it('refuses a flat image and voxels that are not numbers', () => {
    const flat = { ...ramp, data: new Int16Array(5).fill(4) };
    expect(() => normaliseImage(flat, defaultSettings)).toThrow(/found 4 in every voxel/);
    const hole = { ...ramp, data: Float32Array.of(1, 2, Number.NaN, 4, 5) };
    expect(() => normaliseImage(hole, defaultSettings)).toThrow(/1 NaN and 0 infinite/);
  });
});
