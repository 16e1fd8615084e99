import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { identityDirection, type Mask, type Volume } from '../../../src/imaging/volume.ts';
import { RadiomicsExtractor } from '../../../src/radiomics/extractor.ts';
import { icosphere } from '../../../src/radiomics/filters/icosphere.ts';
import { localBinaryPattern3d } from '../../../src/radiomics/filters/local-binary-pattern-3d.ts';
import { sphericalHarmonics } from '../../../src/radiomics/filters/spherical-harmonics.ts';

interface Golden {
  cases: {
    type: 'int16' | 'float64';
    levels: number;
    radius: number;
    subdivision: number;
    maps: Record<string, number[]>;
  }[];
}

/** Made by local-binary-pattern-3d.py beside this file. */
const golden: Golden = JSON.parse(
  readFileSync(new URL('../../goldens/local-binary-pattern-3d.json', import.meta.url), 'utf8'),
);

const grid = {
  size: [9, 8, 7],
  spacing: [1, 1, 1],
  origin: [0, 0, 0],
  direction: identityDirection,
} as const;
const count = 9 * 8 * 7;
const indices = Array.from({ length: count }, (_, at) => [
  at % 9,
  Math.floor(at / 9) % 8,
  Math.floor(at / 72),
]);
const values = indices.map(([i, j, k]) => ((i * 37 + j * 53 + k * 71 + i * j * k * 5) % 113) - 40);
const mask: Mask = {
  ...grid,
  data: Uint8Array.from(indices, ([i, j, k]) =>
    (i - 6) ** 2 + (j - 4) ** 2 + (k - 3) ** 2 <= 7 ? 1 : 0,
  ),
};
const inside = (volume: Volume) => Array.from(volume.data).filter((_, at) => mask.data[at] === 1);

describe('localBinaryPattern3d', () => {
  it.each(golden.cases)(
    "equals PyRadiomics' maps ($type, $levels levels, radius $radius, $subdivision subdivisions)",
    ({ type, maps, ...options }) => {
      const data =
        type === 'int16'
          ? Int16Array.from(values)
          : Float64Array.from(values, (x, at) => x / 7 + Math.sqrt(at));
      const ours = localBinaryPattern3d({ ...grid, data }, mask, options);
      expect(ours.map(({ name }) => name)).toEqual(Object.keys(maps));
      for (const { name, volume } of ours) {
        const theirs = maps[name];
        const got = inside(volume);
        expect(got).toHaveLength(theirs.length);
        let worst = 0;
        got.forEach((x, at) => {
          worst = Math.max(worst, Math.abs(x - theirs[at]));
        });
        expect(worst, name).toBeLessThan(1e-9);
        expect(volume.data.every((x, at) => mask.data[at] === 1 || x === 0)).toBe(true);
        expect(Math.max(...theirs) - Math.min(...theirs)).toBeGreaterThan(1);
      }
    },
  );

  it('of a constant image is the pattern of a whole sphere, everywhere the same away from the border', () => {
    const data = new Int16Array(count).fill(50);
    const middle: Mask = {
      ...mask,
      data: Uint8Array.from(mask.data, (x, at) => (indices[at][0] < 8 ? x : 0)),
    };
    const [m1, , k] = localBinaryPattern3d({ ...grid, data }, middle);
    // All 42 points at or above: c₀ = 42 Y₀ and the norm over 42 points of c₀ Y₀ is 42 √42 / 4π.
    for (let at = 0; at < count; at++) {
      if (middle.data[at] === 0) continue;
      expect(m1.volume.data[at]).toBeCloseTo((42 * Math.sqrt(42)) / (4 * Math.PI), 10);
      expect(k.volume.data[at]).toBe(-3);
    }
  });

  it('does not change when the image is turned by 180° about k, nor with gain and offset', () => {
    const n = 7;
    const cube = { ...grid, size: [n, n, n] } as const;
    const one = new Uint8Array(n ** 3);
    one[3 + n * (3 + n * 3)] = 1;
    const centre: Mask = { ...cube, data: one };
    const field = (i: number, j: number, k: number) =>
      ((i * 31 + j * 57 + k * 91 + i * j * 7) % 101) / 3;
    const sampled = (f: (i: number, j: number, k: number) => number): Volume => ({
      ...cube,
      data: Float64Array.from({ length: n ** 3 }, (_, at) =>
        f(at % n, Math.floor(at / n) % n, Math.floor(at / (n * n))),
      ),
    });
    const read = (volume: Volume) =>
      localBinaryPattern3d(volume, centre).map((map) => map.volume.data[3 + n * (3 + n * 3)]);
    const upright = read(sampled(field));
    // Half turns about an axis map the icosphere onto itself: the samples are the same in another order.
    const half = read(sampled((i, j, k) => field(n - 1 - i, n - 1 - j, k)));
    half.forEach((x, at) => {
      expect(x).toBeCloseTo(upright[at], 10);
    });
    const gained = read(sampled((i, j, k) => 3 * field(i, j, k) + 100));
    gained.forEach((x, at) => {
      expect(x).toBeCloseTo(upright[at], 9);
    });
  });
});

describe('what it is built of', () => {
  it.each([
    [0, 12],
    [1, 42],
    [2, 162],
  ])(
    'icosphere: %d subdivisions give %d distinct points on the sphere, centred',
    (splits, expected) => {
      const points = icosphere(splits, 2);
      expect(points.length).toBe(3 * expected);
      const sum = [0, 0, 0];
      const seen = new Set<string>();
      for (let v = 0; v < points.length; v += 3) {
        const p = points.subarray(v, v + 3);
        expect(Math.hypot(p[0], p[1], p[2])).toBeCloseTo(2, 12);
        p.forEach((x, axis) => {
          sum[axis] += x;
        });
        seen.add(Array.from(p, (x) => x.toFixed(6)).join());
      }
      expect(seen.size).toBe(expected);
      for (const x of sum) expect(Math.abs(x)).toBeLessThan(1e-10);
    },
  );

  it('spherical harmonics: the addition theorem, Σ_m |Y|² = (2n + 1) / 4π', () => {
    for (const [azimuth, polar] of [
      [0.3, 1.1],
      [-2, 2.9],
      [3, 0.01],
    ]) {
      sphericalHarmonics(6, azimuth, polar).forEach((row, n) => {
        const sum = row.reduce((total, x) => total + x * x, 0);
        expect(sum).toBeCloseTo((2 * n + 1) / (4 * Math.PI), 12);
      });
    }
    const [, [, , z]] = sphericalHarmonics(2, 0.3, 1.1);
    expect(z).toBeCloseTo(Math.sqrt(3 / (4 * Math.PI)) * Math.cos(1.1), 12);
  });
});

describe('the image type LBP3D', () => {
  it('gives columns lbp-3D-m1, lbp-3D-m2, lbp-3D-k, each of its map, for regions that share an image too', () => {
    const image: Volume = { ...grid, data: Int16Array.from(values) };
    const parameters = {
      imageType: { LBP3D: {} },
      featureClass: { firstorder: ['Mean', 'Maximum'] },
    };
    const extractor = new RadiomicsExtractor(parameters);
    const { features } = extractor.execute(image, mask);
    const maps = localBinaryPattern3d(image, mask);
    expect(maps.map(({ name }) => name)).toEqual(['lbp-3D-m1', 'lbp-3D-m2', 'lbp-3D-k']);
    for (const { name, volume } of maps) {
      const of = inside(volume);
      const mean = of.reduce((sum, x) => sum + x, 0) / of.length;
      expect(features[`${name}_firstorder_Mean`]).toBeCloseTo(mean, 9);
      expect(features[`${name}_firstorder_Maximum`]).toBeCloseTo(Math.max(...of), 9);
    }
    const two = Uint8Array.from(mask.data, (x, at) => x * (indices[at][2] < 3 ? 1 : 2));
    const results = extractor.executeAll(image, { ...mask, data: two });
    for (const result of results) {
      if ('error' in result) throw result.error;
      const alone = extractor.execute(image, { ...mask, data: two }, { label: result.label });
      expect(result.features).toEqual(alone.features);
    }
    expect(results).toHaveLength(2);
    const more = new RadiomicsExtractor({
      ...parameters,
      imageType: { LBP3D: { lbp3DLevels: 3 } },
    });
    expect(more.featureColumns.filter((name) => name.startsWith('lbp-3D-m'))).toHaveLength(6);
  });
});
