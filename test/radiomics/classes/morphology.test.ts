import { describe, expect, it } from 'vitest';
import { ellipsoidArea, morphology } from '../../../src/radiomics/classes/morphology.ts';
import { shape } from '../../../src/radiomics/classes/shape-3d.ts';
import { byName, madeRegion, type Voxel } from '../made-region.ts';

const ball: Voxel = (i, j, k) =>
  (i - 15) ** 2 + (j - 15) ** 2 + ((k - 8) * 2) ** 2 <= 14 ** 2 ? 1 : 0;
const measured = (region: ReturnType<typeof madeRegion>, options = {}) =>
  byName(morphology.compute(region, options));

describe('morphology beyond shape', () => {
  it('of a ball: near its own hull, below pi / 6 of its box, no shift of centre', () => {
    const region = madeRegion([31, 31, 17], ball, ball, [1, 1, 2]);
    const form = byName(shape.compute(region, { conventions: 'ibsi' }));
    const got = measured(region);
    // Its box is 29, 29 and 30 mm; the mesh lies half a voxel within the steps of the voxels.
    expect(got.VolumeDensityAABB).toBeGreaterThan(0.44);
    expect(got.VolumeDensityAABB).toBeLessThan(Math.PI / 6);
    expect(got.VolumeDensityConvexHull).toBeGreaterThan(0.9);
    expect(got.VolumeDensityConvexHull).toBeLessThanOrEqual(1);
    // Axes of IBSI's ellipsoid are 4 sqrt(variance), and a ball's variance is r² / 5.
    expect(got.VolumeDensityAEE).toBeCloseTo((5 / 4) ** 1.5, 1);
    expect(got.CenterOfMassShift).toBeCloseTo(0, 12);
    expect(got.Asphericity).toBeCloseTo(1 / form.Sphericity - 1, 12);
    expect(got.IntegratedIntensity).toBeCloseTo(form.MeshVolume, 9);
  });

  it('of a box: every density of its box is that of its mesh', () => {
    const region = madeRegion([6, 4, 3], (i) => i + 1, undefined, [1, 2, 0.5]);
    const form = byName(shape.compute(region));
    const got = measured(region);
    expect(got.VolumeDensityAABB).toBeCloseTo(form.MeshVolume / (6 * 8 * 1.5), 12);
    expect(got.AreaDensityAABB).toBeCloseTo(form.SurfaceArea / (2 * (48 + 12 + 9)), 12);
    // A box's mesh is convex: its edges and corners are cut off alike.
    expect(got.VolumeDensityConvexHull).toBeCloseTo(1, 12);
    expect(got.AreaDensityConvexHull).toBeCloseTo(1, 12);
    // Intensities 1 to 6 along i: the centre moves by Σ i x / Σ x - 2.5 = 70 / 21 - 2.5.
    expect(got.CenterOfMassShift).toBeCloseTo(70 / 21 - 2.5, 12);
    expect(got.IntegratedIntensity).toBeCloseTo(form.MeshVolume * 3.5, 9);
  });

  it('takes form from the morphological mask and intensities from the region', () => {
    const whole = madeRegion([6, 4, 3], (i) => i + 1);
    const part = madeRegion(
      [6, 4, 3],
      (i) => i + 1,
      (i) => (i > 2 ? 1 : 0),
    );
    const [got, alone] = [measured(part, { morphology: whole }), measured(whole)];
    expect(got.VolumeDensityConvexHull).toBe(alone.VolumeDensityConvexHull);
    expect(got.VolumeDensityAEE).toBe(alone.VolumeDensityAEE);
    expect(got.IntegratedIntensity / alone.IntegratedIntensity).toBeCloseTo(5 / 3.5, 12);
    // Centre of intensity of 4, 5, 6 at i = 3, 4, 5 against the whole's centre 2.5.
    expect(got.CenterOfMassShift).toBeCloseTo((12 + 20 + 30) / 15 - 2.5, 12);
    expect(got.MoranI).toBe(measured(part).MoranI);
  });

  it("IBSI's area of an ellipsoid: a sphere's own, and the closed form of its series for b = c", () => {
    expect(ellipsoidArea(2, 2, 2)).toBeCloseTo(16 * Math.PI, 12);
    // P_ν(1) = 1, and Σ e^2ν / (1 - 4ν²) = (1 + (1/e - e) atanh e) / 2: 31.6, where the spheroid has 34.7 mm².
    const e = Math.sqrt(1 - (1.5 / 2) ** 2);
    const series = (1 + (1 / e - e) * Math.atanh(e)) / 2;
    expect(ellipsoidArea(2, 1.5, 1.5)).toBeCloseTo(4 * Math.PI * 2 * 1.5 * series, 8);
  });

  it('of a flat region: what has no value has a reason', () => {
    for (const { name, value, reason } of morphology.compute(madeRegion([4, 4, 1], () => 2))) {
      expect(Number.isNaN(value), name).toBe(reason !== undefined);
    }
  });
});
