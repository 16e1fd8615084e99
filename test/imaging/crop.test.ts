import { describe, expect, it } from 'vitest';
import { boxOf } from '../../src/imaging/crop.ts';
import type { Vector3, VoxelArray } from '../../src/imaging/volume.ts';
import fc from '../property-runs.ts';

/** Corners by looking at every voxel. */
function lookedUp(data: VoxelArray, [nx, ny]: Vector3, label: number | undefined) {
  const places = Array.from(data, (value, at) => ({ value, at }))
    .filter(({ value }) => (label === undefined ? value !== 0 : value === label))
    .map(({ at }) => [at % nx, Math.floor(at / nx) % ny, Math.floor(at / (nx * ny))]);
  if (places.length === 0) return undefined;
  const end = (pick: (...values: number[]) => number) =>
    [0, 1, 2].map((axis) => pick(...places.map((place) => place[axis])));
  return { low: end(Math.min), high: end(Math.max) };
}

describe('the box of a region', () => {
  it('is found in any type of mask, wherever its bytes begin', () => {
    const length = fc.integer({ min: 1, max: 11 });
    const kinds = [Uint8Array, Int8Array, Int16Array, Float32Array] as const;
    fc.assert(
      fc.property(
        fc.tuple(length, length, length),
        fc.constantFrom(...kinds),
        fc.nat(5),
        fc.array(
          fc.tuple(fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }), fc.nat(3)),
          {
            maxLength: 4,
          },
        ),
        fc.constantFrom(undefined, 1, 2),
        (size, Kind, offset, voxels, label) => {
          const count = size[0] * size[1] * size[2];
          const data = new Kind(offset + count).subarray(offset);
          for (const [place, value] of voxels) data[Math.floor(place * count)] = value;
          expect(boxOf({ data, size }, label)).toEqual(lookedUp(data, size, label));
        },
      ),
      { numRuns: 300 },
    );
  });
});
