import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crop } from '../../../src/imaging/crop.ts';
import type { Vector3, Volume } from '../../../src/imaging/volume.ts';
import { type FilterImageOptions, filterImage } from '../../../src/radiomics/filter-image.ts';
import { type Boundary, boundaryIndices } from '../../../src/radiomics/filters/boundary.ts';
import { gabor } from '../../../src/radiomics/filters/gabor.ts';
import { gaborKernel } from '../../../src/radiomics/filters/gabor-kernel.ts';
import { laws, lawsKernels } from '../../../src/radiomics/filters/laws.ts';
import { mean } from '../../../src/radiomics/filters/mean.ts';
import { rightAngleRotations } from '../../../src/radiomics/filters/rotations.ts';
import { simoncelli } from '../../../src/radiomics/filters/simoncelli.ts';
import { imagesOf } from '../../../src/radiomics/image-types.ts';
import { defaultSettings } from '../../../src/radiomics/settings.ts';
import { maskOf, volumeOf } from '../small-volumes.ts';

const boundaries = ['zero', 'nearest', 'mirror', 'periodic'] as const;
const rough = (i: number, j: number, k: number) =>
  ((i * 7919 + j * 104729 + k * 1299709) % 211) - 90;
const impulse = (n: number) =>
  volumeOf([n, n, n], (i, j, k) => +(i === n >> 1 && j === n >> 1 && k === n >> 1));

/** The value at any place of a line that is continued. */
const read = ({ data, size }: Volume, place: number[], boundary: Boundary) => {
  const [i, j, k] = place.map((x, axis) => boundaryIndices(x, 1, size[axis], boundary)[0]);
  return i < 0 || j < 0 || k < 0 ? 0 : data[i + size[0] * (j + size[1] * k)];
};

const worst = (a: ArrayLike<number>, b: ArrayLike<number>) => {
  expect(a.length).toBe(b.length);
  let most = 0;
  for (let i = 0; i < a.length; i++) most = Math.max(most, Math.abs(a[i] - b[i]));
  return most;
};

/** A quarter turn about k: what was at (i, j) comes to (n - 1 - j, i). */
const turned = ({ data, size, ...rest }: Volume): Volume => {
  const n = size[0];
  const out = new Float64Array(data.length);
  for (let k = 0; k < size[2]; k++) {
    for (let j = 0; j < n; j++) {
      for (let i = 0; i < n; i++) {
        out[n - 1 - j + n * (i + n * k)] = data[i + n * (j + n * k)];
      }
    }
  }
  return { ...rest, size, data: out };
};

describe('mean', () => {
  it.each(boundaries)('is the mean of the neighbourhood, beyond the border by %s', (boundary) => {
    const image = volumeOf([5, 4, 6], rough);
    const { data } = mean(image, { size: 3, boundary }).volume;
    const wanted = volumeOf([5, 4, 6], (i, j, k) => {
      let sum = 0;
      for (let n = 0; n < 27; n++) {
        sum += read(
          image,
          [i - 1 + (n % 3), j - 1 + (Math.floor(n / 3) % 3), k - 1 + Math.floor(n / 9)],
          boundary,
        );
      }
      return sum / 27;
    });
    expect(worst(data, wanted.data)).toBeLessThan(1e-10);
  });

  it('has no middle where the size is even', () => {
    expect(() => mean(impulse(5), { size: 4 })).toThrow(/found 4, expected an odd number/);
  });
});

describe('laws', () => {
  it('of an impulse is the product of its kernels, the first along i', () => {
    const { data } = laws(impulse(9), { kernel: 'E5L5S5', boundary: 'zero' }).volume;
    const at = (i: number, j: number, k: number) => data[i + 9 * (j + 9 * k)];
    for (let n = 0; n < 125; n++) {
      const [a, b, c] = [n % 5, Math.floor(n / 5) % 5, Math.floor(n / 25)];
      const product = lawsKernels.E5[a] * lawsKernels.L5[b] * lawsKernels.S5[c];
      expect(at(2 + a, 2 + b, 2 + c)).toBeCloseTo(product, 14);
    }
  });

  it('has kernels of norm 1, of which only level has a sum', () => {
    for (const [name, taps] of Object.entries(lawsKernels)) {
      expect(taps.reduce((sum, x) => sum + x * x, 0)).toBeCloseTo(1, 14);
      const sum = taps.reduce((total, x) => total + x, 0);
      if (name.startsWith('L')) expect(sum).toBeGreaterThan(1);
      else expect(Math.abs(sum)).toBeLessThan(1e-15);
    }
  });

  it('gives as energy the mean of |h| around, over the response beyond the image too', () => {
    const image = volumeOf([7, 6, 8], rough);
    for (const boundary of boundaries) {
      const plain = laws(image, { kernel: 'L5E5S5', boundary, pooling: 'max' }).volume;
      const absolute = { ...plain, data: (plain.data as Float64Array).map(Math.abs) };
      const energy = laws(image, { kernel: 'L5E5S5', boundary, pooling: 'max', energy: 2 }).volume;
      const smoothed = mean(absolute, { size: 5, boundary }).volume;
      expect(worst(energy.data, smoothed.data)).toBeLessThan(1e-10);
    }
  });

  it('refuses what is no kernel', () => {
    expect(() => laws(impulse(5), { kernel: 'X5L5S5' })).toThrow(/found X5L5S5/);
    expect(() => filterImage(impulse(5), { filter: 'Laws', lawsKernel: 'L5S5' })).toThrow(/three/);
    expect(() =>
      filterImage(impulse(5), { filter: 'Laws', lawsKernel: 'L5S5E5', force2D: true }),
    ).toThrow(/two/);
  });
});

describe('gabor', () => {
  it.each(boundaries)('is the modulus of the sum, beyond the border by %s', (boundary) => {
    const image = volumeOf([8, 6, 2], rough);
    const parameters = { sigma: 1.2, lambda: 3, gamma: 0.7 };
    const { data } = gabor(image, { ...parameters, theta: 25, boundary }).volume;
    const { re, im, reach } = gaborKernel(image, 0, 1, 25, parameters);
    const wanted = volumeOf([8, 6, 2], (i, j, k) => {
      let [x, y] = [0, 0];
      for (let v = -reach[1], at = 0; v <= reach[1]; v++) {
        for (let u = -reach[0]; u <= reach[0]; u++, at++) {
          const value = read(image, [i - u, j - v, k], boundary);
          x += re[at] * value;
          y += im[at] * value;
        }
      }
      return Math.hypot(x, y);
    });
    expect(worst(data, wanted.data)).toBeLessThan(1e-8);
  });

  it('pools directions and planes: the mean and the largest of each alone', () => {
    const image = volumeOf([9, 9, 9], rough);
    const shared = { sigma: 1.5, lambda: 2.5, boundary: 'mirror' } as const;
    const each = [0, 90, 180, 270].map((theta) => gabor(image, { ...shared, theta }).volume.data);
    const pooled = gabor(image, { ...shared, thetaStep: 90 }).volume.data;
    const largest = gabor(image, { ...shared, thetaStep: 90, pooling: 'max' }).volume.data;
    const average = each[0].map((_, i) => each.reduce((sum, one) => sum + one[i], 0) / 4);
    const most = each[0].map((_, i) => Math.max(...each.map((one) => one[i])));
    expect(worst(pooled, average)).toBeLessThan(1e-9);
    expect(worst(largest, most)).toBeLessThan(1e-9);
    const planes = gabor(image, { ...shared, thetaStep: 90, planes: true }).volume.data;
    const across = ([0, 1, 2] as const).map(
      (axis) => gabor(image, { ...shared, thetaStep: 90, across: axis }).volume.data,
    );
    const ofPlanes = across[0].map((_, i) => across.reduce((sum, one) => sum + one[i], 0) / 3);
    expect(worst(planes, ofPlanes)).toBeLessThan(1e-9);
  });

  it('answers a wave of its own length and direction, and no other', () => {
    const wave = volumeOf([64, 64, 1], (i, j) =>
      Math.cos((2 * Math.PI * (i * Math.cos(0.6) + j * Math.sin(0.6))) / 6),
    );
    const theta = (0.6 * 180) / Math.PI;
    const middle = (options: object) =>
      gabor(wave, { sigma: 6, lambda: 6, theta, ...options }).volume.data[32 + 64 * 32];
    // Half of the envelope's integral 2π σ²: the wave's other half has the opposite frequency.
    expect(middle({}) / (Math.PI * 36)).toBeCloseTo(1, 3);
    expect(middle({ theta: theta + 90 })).toBeLessThan(1e-3 * middle({}));
    expect(middle({ lambda: 2.5 })).toBeLessThan(1e-3 * middle({}));
  });
});

describe('simoncelli', () => {
  it('passes a wave of the middle of its band whole, an octave lower at the next level', () => {
    const wave = (length: number) =>
      volumeOf([64, 1, 1], (i) => Math.cos((2 * Math.PI * (i + 0.5)) / length));
    for (const [level, length] of [
      [1, 4],
      [2, 8],
      [3, 16],
    ]) {
      const image = wave(length);
      const { data } = simoncelli(image, { level, boundary: 'mirror' }).volume;
      expect(worst(data, image.data), `level ${level}`).toBeLessThan(1e-12);
      const next = simoncelli(image, { level: level + 1, boundary: 'mirror' }).volume.data;
      expect(worst(next, new Float64Array(64))).toBeLessThan(1e-12);
    }
  });

  it.each(boundaries.slice(1))('of a flat image is zero, %s', (boundary) => {
    const flat = volumeOf([7, 9, 11], () => 40);
    const { data } = simoncelli(flat, { boundary }).volume;
    expect(worst(data, new Float64Array(693))).toBeLessThan(1e-11);
  });

  it('mirrored, is what the definition says, term by term', () => {
    const [nx, ny] = [5, 7];
    const image = volumeOf([nx, ny, 1], rough);
    const gain = (a: number, b: number) => {
      const radius = Math.hypot((Math.PI * a) / nx, (Math.PI * b) / ny);
      if (radius <= Math.PI / 4 || radius >= Math.PI) return 0;
      return Math.cos((Math.PI / 2) * Math.log2((2 * radius) / Math.PI));
    };
    const cosine = (a: number, i: number, n: number) =>
      Math.cos((Math.PI * a * (2 * i + 1)) / (2 * n));
    const norm = (a: number, n: number) => (a === 0 ? 1 : 2) / n;
    const wanted = volumeOf([nx, ny, 1], (i, j) => {
      let sum = 0;
      for (let a = 0; a < nx; a++) {
        for (let b = 0; b < ny; b++) {
          let coefficient = 0;
          for (let x = 0; x < nx; x++) {
            for (let y = 0; y < ny; y++) {
              coefficient += image.data[x + nx * y] * cosine(a, x, nx) * cosine(b, y, ny);
            }
          }
          sum +=
            gain(a, b) *
            norm(a, nx) *
            norm(b, ny) *
            coefficient *
            cosine(a, i, nx) *
            cosine(b, j, ny);
        }
      }
      return sum;
    });
    const { data } = simoncelli(image, { axes: [0, 1], boundary: 'mirror' }).volume;
    expect(worst(data, wanted.data)).toBeLessThan(1e-10);
  });
});

describe('rotations by right angles', () => {
  it('are 24, and 4 in a plane, none of them twice', () => {
    for (const [axes, count] of [
      [[0, 1, 2], 24],
      [[0, 1], 4],
      [[1, 2], 4],
    ] as const) {
      const found = rightAngleRotations(axes).map((one) => JSON.stringify(one));
      expect(new Set(found).size).toBe(count);
      expect(found).toHaveLength(count);
    }
  });

  const invariant: FilterImageOptions[] = [
    { filter: 'Laws', lawsKernel: 'E5L5S5', rotationInvariance: 'max' },
    { filter: 'Laws', lawsKernel: 'E5W5R5', rotationInvariance: 'mean', lawsEnergy: 2 },
    { filter: 'Laws', lawsKernel: 'L5S5', rotationInvariance: 'max', force2D: true },
    { filter: 'Wavelet', wavelet: 'haar', rotationInvariance: 'mean' },
    { filter: 'Wavelet', wavelet: 'db3', level: 2, rotationInvariance: 'max' },
    { filter: 'Wavelet', wavelet: 'bior2.2', rotationInvariance: 'mean', force2D: true },
  ];
  it.each(invariant)('of the image turn the response and change nothing else: %j', (options) => {
    const image = volumeOf([8, 8, 8], rough);
    for (const boundary of boundaries) {
      const plain = filterImage(image, { ...options, boundary });
      const ofTurned = filterImage(turned(image), { ...options, boundary });
      for (const [at, { name, volume }] of plain.entries()) {
        expect(worst(turned(volume).data, ofTurned[at].volume.data), name).toBeLessThan(1e-9);
      }
    }
  });
});

describe('within a box', () => {
  const filters: FilterImageOptions[] = [
    { filter: 'Mean', meanSize: 5 },
    { filter: 'Laws', rotationInvariance: 'max', lawsEnergy: 3 },
    { filter: 'Gabor', gaborSigma: 1.5, gaborThetaStep: 45, gaborPlanes: true },
    { filter: 'Simoncelli', level: 2 },
    { filter: 'Wavelet', wavelet: 'bior1.3', level: 2, rotationInvariance: 'mean' },
    { filter: 'Wavelet', waveletDecimated: true },
    { filter: 'LoG', sigma: [1] },
  ];
  it.each(filters)('a response is the same voxels of the whole one: %j', ({ filter, ...given }) => {
    fc.assert(
      fc.property(
        fc.tuple(
          fc.integer({ min: 6, max: 10 }),
          fc.integer({ min: 6, max: 9 }),
          fc.integer({ min: 6, max: 8 }),
        ),
        fc.constantFrom(...boundaries),
        (size, boundary) => {
          const image = volumeOf(size as Vector3, rough);
          const box = { low: [1, 0, 2], high: [size[0] - 2, 4, size[2] - 1] } as const;
          const whole = filterImage(image, { filter, ...given, boundary });
          const setting = { ...defaultSettings, conventions: 'ibsi', ...given, boundary } as never;
          const mask = maskOf(size as Vector3, () => true);
          const parts = [...imagesOf(filter, image, setting, box, [mask])];
          expect(parts.map(({ name }) => name)).toEqual(whole.map(({ name }) => name));
          for (const [at, part] of parts.entries()) {
            const { data } = (part as { volume: Volume }).volume;
            expect(worst(data, crop(whole[at].volume, box).data), part.name).toBeLessThan(1e-8);
          }
        },
      ),
      { numRuns: 8 },
    );
  });
});
