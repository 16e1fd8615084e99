import { describe, expect, it, vi } from 'vitest';
import { crop } from '../../../src/imaging/crop.ts';
import { identityDirection, type Volume } from '../../../src/imaging/volume.ts';
import { laplacianOfGaussian } from '../../../src/radiomics/filters/laplacian-of-gaussian.ts';
import {
  type RecursiveFilter,
  recursiveGaussian,
} from '../../../src/radiomics/filters/recursive-gaussian.ts';
import fc from '../../property-runs.ts';

/** The recursions as written down, a line at a time, the border voxel going on for ever. */
function filteredLine(line: ArrayLike<number>, filter: RecursiveFilter): number[] {
  const n = line.length;
  const x = (i: number) => line[Math.max(0, Math.min(n - 1, i))];
  const up: number[] = [];
  const down: number[] = [];
  const causal = (i: number) => (i < 0 ? x(0) * filter.causalSteady : up[i]);
  const anticausal = (i: number) => (i >= n ? x(n - 1) * filter.anticausalSteady : down[i]);
  const [d1, d2, d3, d4] = filter.d;
  const [n0, n1, n2, n3] = filter.n;
  const [m1, m2, m3, m4] = filter.m;
  for (let i = 0; i < n; i++) {
    const before =
      causal(i - 1) * d1 + causal(i - 2) * d2 + causal(i - 3) * d3 + causal(i - 4) * d4;
    up[i] = x(i) * n0 + x(i - 1) * n1 + x(i - 2) * n2 + x(i - 3) * n3 - before;
  }
  for (let i = n - 1; i >= 0; i--) {
    const after =
      anticausal(i + 1) * d1 +
      anticausal(i + 2) * d2 +
      anticausal(i + 3) * d3 +
      anticausal(i + 4) * d4;
    down[i] = x(i + 1) * m1 + x(i + 2) * m2 + x(i + 3) * m3 + x(i + 4) * m4 - after;
  }
  return up.map((value, i) => value + down[i]);
}

/** ITK's order: second derivative along an axis, then the other two smoothed, float32 after each; the three added up. */
function plainly({ data, size, spacing }: Volume, sigma: number): Float32Array {
  const strides = [1, size[0], size[0] * size[1]];
  const total = new Float32Array(data.length);
  for (const along of [0, 1, 2]) {
    let part: ArrayLike<number> = data;
    for (const axis of [along, ...[0, 1, 2].filter((other) => other !== along)]) {
      const filter = recursiveGaussian(sigma, spacing[axis], axis === along ? 2 : 0, true);
      const out = new Float32Array(data.length);
      for (let at = 0; at < data.length; at++) {
        if (Math.floor(at / strides[axis]) % size[axis] !== 0) continue;
        const places = Array.from({ length: size[axis] }, (_, r) => at + r * strides[axis]);
        const from = part;
        const values = filteredLine(
          places.map((place) => from[place]),
          filter,
        );
        for (const [r, place] of places.entries()) out[place] = values[r];
      }
      part = out;
    }
    for (let at = 0; at < total.length; at++) total[at] += part[at] * (1 / spacing[along] ** 2);
  }
  return total;
}

const sizes = fc.tuple(
  fc.integer({ min: 4, max: 21 }),
  fc.integer({ min: 4, max: 14 }),
  fc.integer({ min: 4, max: 9 }),
);

describe('Laplacian of Gaussian in blocks and boxes', () => {
  it('equals the recursions written down, to the last bit, whole and within any box', () => {
    const kinds = [Int16Array, Uint8Array, Int32Array, Float32Array, Float64Array] as const;
    fc.assert(
      fc.property(
        sizes,
        fc.constantFrom(...kinds),
        fc.constantFrom(0.8, 1.5, 2),
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 6, maxLength: 6 }),
        (size, Kind, sigma, corners) => {
          const count = size[0] * size[1] * size[2];
          const data = new Kind(count);
          for (let at = 0; at < count; at++) data[at] = ((at * at * 37) % 251) / 1.7;
          const image: Volume = {
            size,
            spacing: [0.7, 1, 2.1],
            origin: [0, 0, 0],
            direction: identityDirection,
            data,
          };
          const whole = laplacianOfGaussian(image, { sigma }).volume;
          expect(whole.data).toEqual(plainly(image, sigma));
          const ends = size.map((n, axis) =>
            [corners[2 * axis], corners[2 * axis + 1]]
              .map((x) => Math.min(n - 1, Math.floor(x * n)))
              .sort((a, b) => a - b),
          );
          const low = [ends[0][0], ends[1][0], ends[2][0]] as const;
          const high = [ends[0][1], ends[1][1], ends[2][1]] as const;
          const part = laplacianOfGaussian(image, { sigma, within: { low, high } }).volume;
          expect(part.data).toEqual(crop(whole, { low, high }).data);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('integers are the same as floats, and never copied as a whole', () => {
    const size = [60, 40, 5] as const;
    const count = size[0] * size[1] * size[2];
    const data = Int16Array.from({ length: count }, (_, at) => ((at * at * 37) % 1001) - 500);
    const image: Volume = {
      size,
      spacing: [1, 1, 2],
      origin: [0, 0, 0],
      direction: identityDirection,
      data,
    };
    const within = { low: [20, 10, 1], high: [40, 30, 3] } as const;
    const floats = laplacianOfGaussian(
      { ...image, data: Float32Array.from(data) },
      { sigma: 1.5, within },
    );
    const made: number[] = [];
    const noted = <T extends object>(array: T): T =>
      new Proxy(array, {
        construct(target, given, as) {
          const one = Reflect.construct(target as never, given, as);
          made.push(one.length);
          return one;
        },
      });
    vi.stubGlobal('Float32Array', noted(Float32Array));
    vi.stubGlobal('Float64Array', noted(Float64Array));
    try {
      expect(laplacianOfGaussian(image, { sigma: 1.5, within }).volume.data).toEqual(
        floats.volume.data,
      );
    } finally {
      vi.unstubAllGlobals();
    }
    expect(Math.max(...made)).toBeLessThan(count);
  });
});
