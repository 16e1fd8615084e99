import { describe, expect, it } from 'vitest';
import { identityDirection, type Vector3 } from '../../../src/imaging/volume.ts';
import { shape2D } from '../../../src/radiomics/classes/shape-2d.ts';
import { RadiomicsExtractor } from '../../../src/radiomics/extractor.ts';
import { shape2DFeatures } from '../../../src/radiomics/feature-names.ts';
import { regionOfInterest } from '../../../src/radiomics/region-of-interest.ts';
import peer from '../../goldens/shape-2d.json' with { type: 'json' };
import fc from '../../property-runs.ts';

type Pixel = (u: number, v: number) => boolean;
const enabled = new Set(shape2DFeatures.map(({ name }) => name));

/** A mask whose two long axes are u and v. */
function masked(size: Vector3, spacing: Vector3, inside: Pixel) {
  const [u, v] = [0, 1, 2].filter((axis) => size[axis] > 1);
  const data = new Uint8Array(size[0] * size[1] * size[2]);
  for (let at = 0; at < data.length; at++) {
    const i = at % size[0];
    const j = Math.floor(at / size[0]) % size[1];
    const place = [i, j, Math.floor(at / (size[0] * size[1]))];
    data[at] = inside(place[u], place[v]) ? 1 : 0;
  }
  return { size, spacing, origin: [0, 0, 0], direction: identityDirection, data } as const;
}

function measured(mask: ReturnType<typeof masked>, force2Ddimension = 0) {
  const region = regionOfInterest(mask, mask);
  const values = shape2D.compute(region, { force2D: true, force2Ddimension, enabled });
  return Object.fromEntries(values.map(({ name, value }) => [name, value]));
}

describe('2D shape', () => {
  for (const { force2Ddimension, size, spacing, features } of peer.cases) {
    it(`equals PyRadiomics ${peer.versions.pyradiomics} across axis ${force2Ddimension}`, () => {
      const rule: Pixel = (u, v) => (7 * u * u + 5 * v * v + 3 * u * v) % 11 < 5;
      const mask = masked(size as never, spacing as never, rule);
      const ours = measured(mask, force2Ddimension);
      expect(Object.keys(ours).sort()).toEqual(Object.keys(features).sort());
      for (const [name, value] of Object.entries(features)) {
        expect(Math.abs(ours[name] / value - 1), name).toBeLessThan(1e-12);
      }
    });
  }

  it('of a rectangle is that of the rectangle with its corners cut', () => {
    const [a, b, su, sv] = [9, 4, 0.5, 2];
    const found = measured(masked([a, b, 1], [su, sv, 3], () => true));
    const perimeter = 2 * (a - 1) * su + 2 * (b - 1) * sv + 2 * Math.hypot(su, sv);
    expect(found.MeshSurface).toBeCloseTo((a * b - 0.5) * su * sv, 12);
    expect(found.PixelSurface).toBeCloseTo(a * b * su * sv, 12);
    expect(found.Perimeter).toBeCloseTo(perimeter, 12);
    expect(found.MaximumDiameter).toBeCloseTo(Math.hypot((a - 1) * su, b * sv), 12);
    expect(found.MajorAxisLength).toBeCloseTo(4 * sv * Math.sqrt((b * b - 1) / 12), 12);
    expect(found.MinorAxisLength).toBeCloseTo(4 * su * Math.sqrt((a * a - 1) / 12), 12);
    expect(found.Sphericity).toBeCloseTo((2 * Math.sqrt(Math.PI * found.MeshSurface)) / perimeter);
  });

  it('of a disc approaches area, diameter and axes; the outline has only eight directions', () => {
    const r = 100;
    const disc: Pixel = (u, v) => (u - r) ** 2 + (v - r) ** 2 <= r * r;
    const found = measured(masked([2 * r + 1, 2 * r + 1, 1], [1, 1, 1], disc));
    expect(found.MeshSurface / (Math.PI * r * r)).toBeCloseTo(1, 2);
    expect(found.MaximumDiameter / (2 * r)).toBeCloseTo(1, 1);
    expect(found.MajorAxisLength / (2 * r)).toBeCloseTo(1, 2);
    expect(found.Elongation).toBeCloseTo(1, 9);
    // Mean of cos t + (√2 - 1) sin t over an eighth of the circle: 5.5% longer than 2πr at any resolution.
    expect(found.Perimeter / (16 * (Math.SQRT2 - 1) * r)).toBeCloseTo(1, 2);
  });

  it('scales with the spacing', () => {
    const masks = fc.array(fc.boolean(), { minLength: 24, maxLength: 24 });
    fc.assert(
      fc.property(masks, fc.double({ min: 0.1, max: 10, noNaN: true }), (pixels, scale) => {
        const inside: Pixel = (u, v) => pixels[u + 6 * v] || (u < 2 && v === 0);
        const one = measured(masked([6, 4, 1], [1, 2, 1], inside));
        const other = measured(masked([6, 4, 1], [scale, 2 * scale, 1], inside));
        expect(other.Perimeter / one.Perimeter / scale).toBeCloseTo(1, 9);
        expect(other.MeshSurface / one.MeshSurface / scale ** 2).toBeCloseTo(1, 9);
        expect(other.MaximumDiameter / one.MaximumDiameter / scale).toBeCloseTo(1, 9);
        expect(other.Sphericity / one.Sphericity).toBeCloseTo(1, 9);
      }),
    );
  });

  it('says why it cannot be computed: without force2D, with several slices', () => {
    const mask = masked([5, 4, 1], [1, 1, 1], () => true);
    const featureClass = { shape2D: [] };
    const flat = new RadiomicsExtractor({ featureClass, setting: { force2D: true } });
    expect(flat.execute(mask, mask).features.original_shape2D_PixelSurface).toBe(20);
    const unset = new RadiomicsExtractor({ featureClass }).execute(mask, mask);
    expect(unset.features.original_shape2D_Perimeter).toBeNaN();
    expect(unset.reasons.original_shape2D_Perimeter).toContain('force2D: true');
    const thick = masked([5, 4, 1], [1, 1, 1], () => true);
    const block = { ...thick, size: [5, 2, 2] as const };
    expect(flat.execute(block, block).reasons.original_shape2D_Perimeter).toContain('2 slices');
  });
});
