import { describe, expect, it } from 'vitest';
import { localIntensity, peakRadius } from '../../../src/radiomics/classes/local-intensity.ts';
import { byName, madeRegion, placesOf, type Voxel } from '../made-region.ts';

const noise: Voxel = (i, j, k) => (7 * i + 11 * j + 13 * k + i * j * k) % 23;
const middle: Voxel = (i, j, k) => (i > 3 && i < 9 && j > 2 && j < 8 && k > 0 && k < 4 ? 1 : 0);

describe('local intensity', () => {
  it('equals means over spheres of 1 cm³ of the whole image', () => {
    const scan = [[13, 11, 6], noise] as const;
    const spacing = [1.5, 2, 3] as const;
    const region = madeRegion(...scan, middle, spacing);
    const surroundings = madeRegion(...scan, () => 1, spacing);
    const all = placesOf(surroundings);
    const around = placesOf(region).map(({ at, place }) => {
      const centre = [place[0] + 4, place[1] + 3, place[2] + 1];
      const near = all.filter(
        (voxel) =>
          Math.hypot(...voxel.place.map((p, a) => (p - centre[a]) * spacing[a])) <= peakRadius,
      );
      const sum = near.reduce((total, voxel) => total + surroundings.intensity[voxel.at], 0);
      return { value: region.intensity[at], mean: sum / near.length };
    });
    const most = Math.max(...around.map(({ value }) => value));
    const peaks = around.filter(({ value }) => value === most);
    const got = byName(localIntensity.compute(region, { surroundings }));
    expect(got.GlobalPeak).toBeCloseTo(Math.max(...around.map(({ mean }) => mean)), 10);
    expect(got.LocalPeak).toBeCloseTo(Math.max(...peaks.map(({ mean }) => mean)), 10);
  });

  it('on thick voxels the sphere is the voxel itself', () => {
    const region = madeRegion([4, 3, 2], noise, () => 1, [7, 7, 7]);
    const most = Math.max(...region.intensity);
    expect(byName(localIntensity.compute(region))).toEqual({ LocalPeak: most, GlobalPeak: most });
  });

  it('leaves out surroundings that are not numbers', () => {
    const scan: Voxel = (i) => (i === 0 ? Number.NaN : i);
    const region = madeRegion([3, 1, 1], scan, (i) => (i > 0 ? 1 : 0), [3, 3, 3]);
    const surroundings = { ...region, size: [3, 1, 1], origin: [0, 0, 0] } as const;
    const intensity = Float64Array.of(Number.NaN, 1, 2);
    const got = localIntensity.compute(region, { surroundings: { ...surroundings, intensity } });
    expect(byName(got)).toEqual({ LocalPeak: 1.5, GlobalPeak: 1.5 });
  });

  it('refuses surroundings on another grid', () => {
    const region = madeRegion([3, 3, 3], noise, () => 1);
    const surroundings = { ...region, origin: [0.5, 0, 0] as const };
    expect(() => localIntensity.compute(region, { surroundings })).toThrow(/0\.50|-0\.50/);
  });
});
