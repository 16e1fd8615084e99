import { expect, it } from 'vitest';
import { eachRun } from '../../src/imaging/equal-runs.ts';
import type { VoxelArray } from '../../src/imaging/volume.ts';
import fc from '../property-runs.ts';

const arrays = [
  ...[Uint8Array, Int8Array, Uint16Array, Int16Array, Uint32Array, Int32Array],
  ...[Float32Array, Float64Array],
];

function runsOf(data: VoxelArray): [number, number][] {
  const runs: [number, number][] = [];
  eachRun(data, (start, end) => {
    runs.push([start, end]);
    return undefined;
  });
  return runs;
}

it('visits every voxel once, in stretches of one value, for every kind and place of voxels', () => {
  const stretch = fc.record({
    length: fc.integer({ min: 1, max: 150 }),
    value: fc.constantFrom(0, 0, 1, 7, 120, -0, Number.NaN, 2 ** -30),
  });
  fc.assert(
    fc.property(
      fc.array(stretch, { maxLength: 8 }),
      fc.constantFrom(...arrays),
      fc.nat(3),
      (stretches, Kind, offset) => {
        const values = stretches.flatMap(({ length, value }) => new Array(length).fill(value));
        const data = Kind.from([...new Array(offset).fill(5), ...values]).subarray(offset);
        let last = 0;
        let walks = 0;
        for (const [start, end] of runsOf(data)) {
          expect(start).toBe(last);
          expect(end).toBeGreaterThan(start);
          for (let at = start; at < end; at++) expect(data[at]).toBe(data[start]);
          last = end;
          walks++;
        }
        expect(last).toBe(data.length);
        // Neighbours of one value are one stretch.
        let changes = data.length > 0 ? 1 : 0;
        for (let at = 1; at < data.length; at++) changes += +!Object.is(data[at], data[at - 1]);
        expect(walks).toBe(changes);
      },
    ),
  );
});

it('goes on where the voxels are more than it looks at together, and ends when it is asked to', () => {
  const data = new Float64Array(20_000);
  data.fill(3, 4_000, 9_000).fill(2, 19_999);
  const seen = new Float64Array(data.length).fill(-1);
  for (const [start, end] of runsOf(data)) seen.fill(data[start], start, end);
  expect(seen).toEqual(data);
  const visited: number[] = [];
  eachRun(data, (start) => {
    visited.push(start);
    return data[start] !== 3;
  });
  expect(visited.at(-1)).toBeLessThanOrEqual(4_096);
  expect(visited.every((start) => start <= 4_000 || data[start] === 3)).toBe(true);
});
