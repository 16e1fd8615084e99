import { describe, expect, it } from 'vitest';
import { sampleAligned } from '../../src/deep/aligned-sampling.ts';
import { intensityStatistics } from '../../src/deep/body-statistics.ts';
import { deepInput } from '../../src/deep/deep-input.ts';
import { preprocessing } from '../../src/deep/preprocessing.ts';
import {
  indexToPoint,
  type Matrix3,
  pointToIndex,
  type Vector3,
} from '../../src/imaging/volume.ts';
import { sha256 } from '../../src/runtime/hash.ts';
import { madeScan } from './made-scans.ts';

const turnedDirection: Matrix3 = [0, 0, -1, 1, 0, 0, 0, -1, 0];

describe('sampleAligned', () => {
  it('linear sampling of a linear image is exact, whatever the order and sense of the axes', () => {
    const plane = ([x, y, z]: Vector3) => 3 + 2 * x - y + 0.5 * z;
    const geometry = {
      size: [7, 6, 5] as const,
      spacing: [1.5, 2, 3] as const,
      origin: [4, -3, 8] as const,
      direction: turnedDirection,
    };
    const data = new Float64Array(7 * 6 * 5);
    for (let k = 0, at = 0; k < 5; k++)
      for (let j = 0; j < 6; j++)
        for (let i = 0; i < 7; i++) data[at++] = plane(indexToPoint(geometry, [i, j, k]));
    const centre = indexToPoint(geometry, [3, 2.5, 2]);
    const target = {
      size: [5, 5, 5] as const,
      spacing: [1.1, 0.9, 1] as const,
      origin: [centre[0] - 2.2, centre[1] - 1.8, centre[2] - 2] as const,
      direction: [1, 0, 0, 0, 1, 0, 0, 0, 1] as const,
    };
    const { data: out, from, to } = sampleAligned({ ...geometry, data }, target, 'linear');
    expect([from, to]).toEqual([
      [0, 0, 0],
      [5, 5, 5],
    ]);
    for (let k = 0, at = 0; k < 5; k++)
      for (let j = 0; j < 5; j++)
        for (let i = 0; i < 5; i++, at++) {
          expect(out[at]).toBeCloseTo(plane(indexToPoint(target, [i, j, k])), 4);
        }
  });

  it('refuses a grid that is turned by a few degrees', () => {
    const { volume } = madeScan();
    const c = Math.cos(0.1);
    const s = Math.sin(0.1);
    const target = { ...volume, direction: [c, -s, 0, s, c, 0, 0, 0, 1] as const };
    expect(() => sampleAligned(volume, target, 'linear')).toThrow(
      /axes of the two grids are not parallel/,
    );
  });
});

describe('body statistics', () => {
  it('population mean and standard deviation', () => {
    const { mean, deviation, count } = intensityStatistics([1, 2, 3, 4, -9], 0);
    expect([mean, deviation, count]).toEqual([2.5, Math.sqrt(1.25), 4]);
  });
});

describe('deepInput, preset roi', () => {
  it('64³ of 1.5 mm centred on the region, zero outside it, standardised over the body', () => {
    const { volume, mask } = madeScan();
    const input = deepInput(volume, mask);
    expect(input.shape).toEqual([64, 64, 64]);
    expect(input.geometry.spacing).toEqual([1.5, 1.5, 1.5]);
    const middle = pointToIndex(volume, indexToPoint(input.geometry, [31.5, 31.5, 31.5]));
    let sum = [0, 0, 0];
    let count = 0;
    const box = { low: [99, 99, 99], high: [0, 0, 0] };
    for (let k = 0, at = 0; k < 20; k++)
      for (let j = 0; j < 36; j++)
        for (let i = 0; i < 40; i++, at++) {
          if (mask.data[at] === 0) continue;
          count++;
          [i, j, k].forEach((n, a) => {
            box.low[a] = Math.min(box.low[a], n);
            box.high[a] = Math.max(box.high[a], n);
          });
          sum = sum.map((s, a) => s + [i, j, k][a]);
        }
    expect(count).toBeGreaterThan(50);
    middle.forEach((n, a) => {
      expect(n).toBeCloseTo((box.low[a] + box.high[a]) / 2, 6);
    });
    expect(input.warnings).toEqual([]);
    const { mean, deviation } = input.statistics!;
    const outside = input.data.filter((_, i) => input.region![i] === 0);
    expect(outside.every((value) => value === 0)).toBe(true);
    const within = input.data.filter((_, i) => input.region![i] === 1);
    expect(Math.min(...within) * deviation + mean).toBeGreaterThan(200);
    const inside = within.length;
    const millilitres = (inside * 1.5 ** 3) / 1000;
    expect(millilitres).toBeCloseTo((count * 16) / 1000, 0);
  });

  it('the same region in another order and sense of the axes gives the same input', () => {
    const made = madeScan();
    const { size, data } = made.volume;
    // The same patient stored with i running to the right and j, k exchanged.
    const stored = new Float32Array(data.length);
    const storedMask = new Uint8Array(data.length);
    for (let k = 0; k < size[2]; k++)
      for (let j = 0; j < size[1]; j++)
        for (let i = 0; i < size[0]; i++) {
          const from = i + size[0] * (j + size[1] * k);
          const to = size[0] - 1 - i + size[0] * (k + size[2] * j);
          stored[to] = data[from];
          storedMask[to] = made.mask.data[from];
        }
    const geometry = {
      size: [size[0], size[2], size[1]] as const,
      spacing: [2, 4, 2] as const,
      origin: indexToPoint(made.volume, [size[0] - 1, 0, 0]),
      direction: [-1, 0, 0, 0, 0, 1, 0, 1, 0] as const,
    };
    const one = deepInput(made.volume, made.mask, { region: 'boxed' });
    const other = deepInput(
      { ...geometry, data: stored },
      { ...geometry, data: storedMask },
      { region: 'boxed' },
    );
    expect(other.geometry).toEqual(one.geometry);
    let apart = 0;
    for (let i = 0; i < one.data.length; i++)
      apart = Math.max(apart, Math.abs(one.data[i] - other.data[i]));
    expect(apart).toBeLessThan(1e-5);
  });

  it('a larger region coarsens the spacing, or is cut', () => {
    const { volume, mask } = madeScan();
    const shrunk = deepInput(volume, mask, { size: 48, spacing: 0.5 });
    expect(shrunk.geometry.spacing[0]).toBeGreaterThan(0.6);
    expect(shrunk.warnings.join()).toMatch(/spacing grew by/);
    const cut = deepInput(volume, mask, { size: 48, spacing: 0.5, tooLarge: 'cut' });
    expect(cut.geometry.spacing).toEqual([0.5, 0.5, 0.5]);
  });

  it('32 voxels and below draw a warning', () => {
    const { volume, mask } = madeScan();
    expect(deepInput(volume, mask, { size: 32 }).warnings.join()).toMatch(/sees no neighbour/);
    expect(deepInput(volume, mask, { size: 40 }).warnings.join()).not.toMatch(/neighbour/);
  });

  it('size null gives a multiple of 8 that holds the crop', () => {
    const { volume, mask } = madeScan();
    const { shape, geometry } = deepInput(volume, mask, { size: null, spacing: 2, marginMm: 12 });
    // 22 mm (24 of 4 mm voxels along z) and twice the margin.
    expect(shape).toEqual([24, 24, 24]);
    expect(geometry.spacing).toEqual([2, 2, 2]);
  });

  it('noise beyond and outside is seeded', () => {
    const { volume, mask } = madeScan();
    const noise = (seed: number) =>
      sha256(new Uint8Array(deepInput(volume, mask, { fill: 'noise', seed }).data.buffer));
    expect(noise(3)).toBe(noise(3));
    expect(noise(3)).not.toBe(noise(4));
    const outside = deepInput(volume, mask, { fill: 'noise' });
    const drawn = outside.data.filter((_, i) => outside.region![i] === 0);
    const { mean, deviation } = intensityStatistics(drawn);
    expect(Math.abs(mean)).toBeLessThan(0.01);
    expect(Math.abs(deviation - 1)).toBeLessThan(0.01);
  });
});

describe('deepInput, preset medicalnet', () => {
  it('stretches the whole scan to 56 × 448 × 448 by nearest neighbour, as scipy.ndimage.zoom', () => {
    const { volume } = madeScan();
    const input = deepInput(volume, undefined, { preset: 'medicalnet' });
    expect(input.shape).toEqual([56, 448, 448]);
    const at = (i: number, j: number, k: number) => {
      const source = [i, j, k].map((n, a) =>
        Math.floor((n * (volume.size[a] - 1)) / [447, 447, 55][a] + 0.5),
      );
      return volume.data[source[0] + 40 * (source[1] + 36 * source[2])];
    };
    const { mean, deviation } = input.statistics!;
    for (const [i, j, k] of [
      [0, 0, 0],
      [447, 447, 55],
      [200, 230, 27],
      [101, 333, 40],
    ]) {
      const value = input.data[i + 448 * (j + 448 * k)];
      expect(value).toBeCloseTo((at(i, j, k) - mean) / deviation, 4);
    }
  });

  it('zeros become noise, positive voxels have mean 0 and deviation 1', () => {
    const { volume } = madeScan();
    const data = volume.data.map((v) => (v < 20 ? 0 : v));
    const settings = { preset: 'medicalnet', size: 48 } as const;
    const { data: input } = deepInput({ ...volume, data }, undefined, settings);
    const zero = deepInput({ ...volume, data }, undefined, { ...settings, fill: 'zero' }).data;
    const tissue = input.filter((_, i) => zero[i] !== 0);
    const { mean, deviation } = intensityStatistics(tissue);
    expect(mean).toBeCloseTo(0, 4);
    expect(deviation).toBeCloseTo(1, 4);
    expect(tissue.length).toBeLessThan(input.length);
    expect(input.includes(0)).toBe(false);
  });
});

describe('what cannot be encoded', () => {
  const { volume, mask } = madeScan();
  const none = { ...mask, data: new Uint8Array(mask.data.length) };
  const corner = none.data.slice();
  corner[0] = 1;
  it.each([
    ['an empty mask', volume, none, {}, 'empty-mask'],
    ['all background', volume, { ...mask, data: corner }, {}, 'crop-background'],
    ['no mask', volume, undefined, {}, 'mask-missing'],
    ['another grid', volume, { ...mask, origin: [0, 0, 0] as Vector3 }, {}, 'geometry-mismatch'],
    ['one value', { ...volume, data: new Float32Array(28_800).fill(5) }, mask, {}, 'flat-image'],
    [
      'no positive',
      { ...volume, data: new Float32Array(28_800) },
      mask,
      { preset: 'medicalnet' as const, size: 48 },
      'crop-background',
    ],
    [
      'one value in the region',
      { ...volume, data: new Float32Array(28_800).fill(5) },
      mask,
      { normalise: 'region' as const },
      'flat-image',
    ],
    [
      'NaN',
      { ...volume, data: volume.data.map((v, i) => (i % 7 ? v : Number.NaN)) },
      mask,
      {},
      'non-finite',
    ],
    ['an unknown preset', volume, mask, { preset: 'imagenet' as 'roi' }, 'unknown-name'],
    ['a negative margin', volume, mask, { marginMm: -1 }, 'bad-option'],
  ])('%s', (_, scan, region, choice, code) => {
    expect(() => deepInput(scan, region, choice)).toThrow(expect.objectContaining({ code }));
  });

  it('an unknown setting names its neighbour', () => {
    expect(() => preprocessing({ marginMM: 3 } as object)).toThrow(/did you mean marginMm/);
  });
});

describe('voxels that are not numbers, far from the region', () => {
  const small = { size: 16, spacing: 1.5 };
  const changed = (value: number) => {
    const { volume, mask } = madeScan();
    const data = Float32Array.from(volume.data as ArrayLike<number>);
    data[0] = value;
    return { volume: { ...volume, data }, mask };
  };

  it('one infinite voxel is named as such, not as a flat image', () => {
    const { volume, mask } = changed(Number.POSITIVE_INFINITY);
    expect(() => deepInput(volume, mask)).toThrow(/0 NaN and 1 infinite voxels in the scan/);
    expect(() => deepInput(volume, mask, small)).toThrow(
      /cannot be standardised with infinite voxels: found 1 of \d+ voxels infinite, 0 of them in the region/,
    );
  });

  it('NaN counts as background, which a warning says', () => {
    const { volume, mask } = changed(Number.NaN);
    expect(deepInput(volume, mask, small).warnings.join()).toMatch(
      /holds 1 voxels that are not numbers/,
    );
  });
});
