import { describe, expect, it } from 'vitest';
import { spatialAutocorrelation } from '../../../src/radiomics/algorithms/spatial-autocorrelation.ts';
import type { RegionOfInterest } from '../../../src/radiomics/region-of-interest.ts';
import fc from '../../property-runs.ts';
import { madeRegion, placesOf, randomLevels, randomSize } from '../made-region.ts';

/** IBSI's formulas, pair by pair. */
function byPairs(region: RegionOfInterest): { moranI: number; gearyC: number } {
  const voxels = placesOf(region);
  const n = voxels.length;
  const x = voxels.map(({ at }) => region.intensity[at]);
  const mean = x.reduce((a, b) => a + b) / n;
  let [weights, products, squares, apart] = [0, 0, 0, 0];
  for (let a = 0; a < n; a++) {
    squares += (x[a] - mean) ** 2;
    for (let b = 0; b < n; b++) {
      if (a === b) continue;
      const steps = voxels[a].place.map((p, axis) => p - voxels[b].place[axis]);
      const w = 1 / Math.hypot(...steps.map((step, axis) => step * region.spacing[axis]));
      weights += w;
      products += w * (x[a] - mean) * (x[b] - mean);
      apart += w * (x[a] - x[b]) ** 2;
    }
  }
  return {
    moranI: (n / weights) * (products / squares),
    gearyC: ((n - 1) / (2 * weights)) * (apart / squares),
  };
}

describe("Moran's I and Geary's C", () => {
  it('equal the sums over all pairs', () => {
    fc.assert(
      fc.property(randomLevels(9), (value) => {
        const region = madeRegion(randomSize, value, undefined, [0.7, 1.1, 3]);
        const [ours, pairs] = [spatialAutocorrelation(region), byPairs(region)];
        expect(ours.moranI).toBeCloseTo(pairs.moranI, 10);
        expect(ours.gearyC).toBeCloseTo(pairs.gearyC, 10);
      }),
      { numRuns: 50 },
    );
  });

  it('of two voxels: I is -1, C is 1', () => {
    const region = madeRegion([2, 1, 1], (i) => i + 1);
    const { moranI, gearyC } = spatialAutocorrelation(region);
    expect(moranI).toBeCloseTo(-1, 12);
    expect(gearyC).toBeCloseTo(1, 12);
  });

  it('refuse a box whose transforms would not fit', () => {
    const small = madeRegion([2, 1, 1], (i) => i + 1);
    const size = [600, 600, 600] as const;
    expect(() => spatialAutocorrelation({ ...small, size })).toThrow(/too large/);
  });

  it('are not defined where all intensities are one', () => {
    expect(spatialAutocorrelation(madeRegion([3, 3, 3], () => 7)).moranI).toBeNaN();
  });
});
