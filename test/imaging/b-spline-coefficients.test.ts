import { describe, expect, it } from 'vitest';
import { splineCoefficients } from '../../src/imaging/b-spline-coefficients.ts';
import type { Vector3 } from '../../src/imaging/volume.ts';
import fc from '../property-runs.ts';

const sizes = fc.tuple(
  fc.integer({ min: 1, max: 45 }),
  fc.integer({ min: 1, max: 24 }),
  fc.integer({ min: 1, max: 6 }),
);

function samples([nx, ny, nz]: Vector3): Float64Array {
  return Float64Array.from({ length: nx * ny * nz }, (_, at) => ((at * at * 37) % 251) / 1.7 - 60);
}

/** Places along an axis beyond whose ends the coefficients are mirrored. */
function mirrored(at: number, n: number): number {
  if (n === 1) return 0;
  const folded = ((at % (2 * n - 2)) + 2 * n - 2) % (2 * n - 2);
  return Math.min(folded, 2 * n - 2 - folded);
}

describe('coefficients of the cubic B-spline', () => {
  it('give the samples back at the voxels: weights 1/6, 4/6, 1/6 along each axis, mirrored at the border', () => {
    fc.assert(
      fc.property(sizes, (size) => {
        const [nx, ny, nz] = size;
        const given = samples(size);
        const high: Vector3 = [nx - 1, ny - 1, nz - 1];
        let values = splineCoefficients(given, size, { low: [0, 0, 0], high });
        for (const [axis, n] of size.entries()) {
          // ITK leaves an axis of one voxel as it is.
          if (n === 1) continue;
          const stride = [1, nx, nx * ny][axis];
          const from = values;
          values = from.map((value, at) => {
            const place = Math.floor(at / stride) % n;
            const next = (to: number) => from[at + (mirrored(to, n) - place) * stride];
            return (next(place - 1) + 4 * value + next(place + 1)) / 6;
          });
        }
        for (const [at, value] of values.entries()) expect(value).toBeCloseTo(given[at], 6);
      }),
      { numRuns: 30 },
    );
  });

  it('within a box equal the same ones of the whole, to the last bit', () => {
    const shares = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), {
      minLength: 6,
      maxLength: 6,
    });
    fc.assert(
      fc.property(sizes, shares, (size, corners) => {
        const [nx, ny, nz] = size;
        const place = (at: number, n: number) => Math.min(n - 1, Math.floor(corners[at] * n));
        const ends = size.map((n, axis) =>
          [place(axis, n), place(axis + 3, n)].sort((a, b) => a - b),
        );
        const low: Vector3 = [ends[0][0], ends[1][0], ends[2][0]];
        const high: Vector3 = [ends[0][1], ends[1][1], ends[2][1]];
        const given = samples(size);
        const before = given.slice();
        const whole = splineCoefficients(given, size, {
          low: [0, 0, 0],
          high: [nx - 1, ny - 1, nz - 1],
        });
        const part = splineCoefficients(given, size, { low, high });
        const expected: number[] = [];
        for (let k = low[2]; k <= high[2]; k++) {
          for (let j = low[1]; j <= high[1]; j++) {
            for (let i = low[0]; i <= high[0]; i++) expected.push(whole[i + nx * (j + ny * k)]);
          }
        }
        expect(Array.from(part)).toEqual(expected);
        expect(given).toEqual(before);
      }),
      { numRuns: 60 },
    );
  });
});
