import { describe, expect, it } from 'vitest';
import { distanceZoneMatrix, gldzm } from '../../../src/radiomics/classes/gldzm.ts';
import { intensityHistogram } from '../../../src/radiomics/classes/intensity-histogram.ts';
import { intensityStatistics } from '../../../src/radiomics/classes/intensity-statistics.ts';
import { ngldm } from '../../../src/radiomics/classes/ngldm.ts';
import { withLevels } from '../../../src/radiomics/discretisation.ts';
import type { RegionOfInterest } from '../../../src/radiomics/region-of-interest.ts';
import fc from '../../property-runs.ts';
import { byName, madeRegion, placesOf, randomLevels, randomSize } from '../made-region.ts';

describe('GLDZM', () => {
  it('equals a recount: zones by flooding, distances to the nearest voxel outside', () => {
    fc.assert(
      fc.property(randomLevels(3), (value) => {
        const region = madeRegion(randomSize, value);
        const { i, j, count } = distanceZoneMatrix(withLevels(region));
        const ours = Array.from(i).flatMap((level, n) =>
          new Array<string>(count[n]).fill(`${level} ${j[n]}`),
        );
        expect(ours.sort()).toEqual(zonesByDistance(region).sort());
      }),
      { numRuns: 60 },
    );
  });

  it('measures from the border of the morphological mask', () => {
    const block = madeRegion([5, 5, 5], () => 1);
    const core = madeRegion(
      [5, 5, 5],
      () => 1,
      (i, j, k) => (i === 2 && j === 2 && k === 2 ? 1 : 0),
    );
    const of = (options: object) =>
      byName(gldzm.compute(withLevels(core), options)).LargeDistanceEmphasis;
    expect(of({})).toBe(1);
    expect(of({ morphology: block })).toBe(9);
  });
});

/** `level distance` of each zone. */
function zonesByDistance(region: RegionOfInterest): string[] {
  const voxels = placesOf(region).map(({ at, place }) => ({ place, level: region.intensity[at] }));
  const inside = new Set(voxels.map(({ place }) => place.join()));
  const outside: number[][] = [];
  for (let k = -1; k <= 3; k++)
    for (let j = -1; j <= 4; j++)
      for (let i = -1; i <= 5; i++) if (!inside.has([i, j, k].join())) outside.push([i, j, k]);
  const distance = (place: readonly number[]) =>
    Math.min(...outside.map((p) => p.reduce((sum, x, a) => sum + Math.abs(x - place[a]), 0)));
  const left = new Set(voxels);
  const found: string[] = [];
  for (const seed of voxels) {
    if (!left.delete(seed)) continue;
    const zone = [seed];
    for (const voxel of zone)
      for (const other of left)
        if (
          other.level === seed.level &&
          other.place.every((x, a) => Math.abs(x - voxel.place[a]) < 2)
        ) {
          left.delete(other);
          zone.push(other);
        }
    found.push(`${seed.level} ${Math.min(...zone.map(({ place }) => distance(place)))}`);
  }
  return found;
}

describe('NGLDM beyond GLDM', () => {
  it('equals a recount of dependent neighbours', () => {
    fc.assert(
      fc.property(randomLevels(3), (value) => {
        const region = madeRegion(randomSize, value);
        const voxels = placesOf(region);
        const counts = new Map<string, number>();
        const ofLevel = new Map<number, number>();
        for (const { at, place } of voxels) {
          const level = region.intensity[at];
          const dependent = voxels.filter(
            (other) =>
              region.intensity[other.at] === level &&
              other.place.every((x, a) => Math.abs(x - place[a]) < 2),
          ).length;
          counts.set(`${level} ${dependent}`, (counts.get(`${level} ${dependent}`) ?? 0) + 1);
          ofLevel.set(level, (ofLevel.get(level) ?? 0) + 1);
        }
        const share = (of: Iterable<number>) =>
          [...of].reduce((sum, n) => sum + (n / voxels.length) ** 2, 0);
        const got = byName(ngldm.compute(withLevels(region)));
        expect(got.DependencePercentage).toBe(1);
        expect(got.DependenceEnergy).toBeCloseTo(share(counts.values()), 12);
        expect(got.GrayLevelNonUniformityNormalized).toBeCloseTo(share(ofLevel.values()), 12);
      }),
      { numRuns: 60 },
    );
  });
});

describe('intensity histogram and statistics', () => {
  const line = (levels: readonly number[]) => madeRegion([levels.length, 1, 1], (i) => levels[i]);

  it('levels 1 1 1 2 4 4 4 7', () => {
    const got = byName(intensityHistogram.compute(withLevels(line([1, 1, 1, 2, 4, 4, 4, 7]))));
    expect(got).toMatchObject({
      Mean: 3,
      Variance: (3 * 4 + 1 + 3 * 1 + 16) / 8,
      Median: 3,
      // Levels 1 and 4 are as frequent; 4 is nearer the mean.
      Mode: 4,
      Range: 6,
      InterquartileRange: 3,
      QuartileCoefficientOfDispersion: 3 / 5,
      MedianAbsoluteDeviation: (3 * 2 + 1 + 3 * 1 + 4) / 8,
      // Counts 3 1 0 3 0 0 1: slopes -2 -1.5 1 0 -1.5 0.5 1.
      MaximumGradient: 1,
      MaximumGradientLevel: 3,
      MinimumGradient: -2,
      MinimumGradientLevel: 1,
    });
    expect(got.CoefficientOfVariation).toBeCloseTo(Math.sqrt(4) / 3, 12);
  });

  it('intensities of any size, and what divides by zero has a reason', () => {
    const got = byName(intensityStatistics.compute(line([-3, 0.5, 1, 2.5, 9])));
    expect(got.MedianAbsoluteDeviation).toBeCloseTo((4 + 0.5 + 0 + 1.5 + 8) / 5, 12);
    expect(got.QuartileCoefficientOfDispersion).toBeCloseTo(2 / 3, 12);
    expect(got.CoefficientOfVariation).toBeCloseTo(Math.sqrt(15.5) / 2, 12);
    const [, variation, dispersion] = intensityStatistics.compute(line([-2, -1, 1, 2]));
    expect([variation.value, dispersion.value]).toEqual([Number.NaN, Number.NaN]);
    expect(dispersion.reason).toMatch(/zero/);
  });
});
