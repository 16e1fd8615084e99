import { describe, expect, it } from 'vitest';
import { identityDirection } from '../../../src/imaging/volume.ts';
import { sortedIntensities } from '../../../src/radiomics/algorithms/sorted-intensities.ts';
import fc from '../../property-runs.ts';

function sorted(values: readonly number[]) {
  const intensity = Float64Array.from(values);
  const size = [values.length, 1, 1] as const;
  const grid = {
    size,
    spacing: [1, 1, 1],
    origin: [0, 0, 0],
    direction: identityDirection,
  } as const;
  const mask = new Uint8Array(values.length).fill(1);
  return sortedIntensities({ ...grid, intensity, mask, voxels: values.length });
}

const lengths = { minLength: 1, maxLength: 2000, size: 'max' } as const;

describe('sorted intensities', () => {
  for (const [what, numbers] of [
    ['whole numbers', fc.integer({ min: -1000, max: 3000 })],
    ['fractions', fc.double({ min: -50, max: 50, noNaN: true })],
    ['numbers of every size', fc.double({ noNaN: true, noDefaultInfinity: true })],
    [
      'a cluster and outliers',
      fc.oneof(fc.double({ min: 0, max: 1e-9, noNaN: true }), fc.constant(1e9)),
    ],
  ] as const) {
    it(`are those of a plain sort: ${what}`, () => {
      fc.assert(
        fc.property(fc.array(numbers, lengths), (values) => {
          const ours = sorted(values);
          const plain = Float64Array.from(values).sort();
          // -0 and 0 are one intensity.
          expect(plain.findIndex((value, at) => value !== ours[at])).toBe(-1);
        }),
        { numRuns: 30 },
      );
    });
  }
});
