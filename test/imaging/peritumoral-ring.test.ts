import { describe, expect, it } from 'vitest';
import { squaredDistance } from '../../src/imaging/distance-transform.ts';
import { peritumoralRing } from '../../src/imaging/peritumoral-ring.ts';
import {
  identityDirection,
  type Mask,
  type Vector3,
  voxelVolume,
} from '../../src/imaging/volume.ts';
import fc from '../property-runs.ts';

function ball(size: Vector3, spacing: Vector3, radius: number): Mask {
  const data = new Uint8Array(size[0] * size[1] * size[2]);
  const centre = size.map((n, axis) => ((n - 1) / 2) * spacing[axis]);
  for (let at = 0; at < data.length; at++) {
    const x = (at % size[0]) * spacing[0] - centre[0];
    const y = (Math.floor(at / size[0]) % size[1]) * spacing[1] - centre[1];
    const z = Math.floor(at / (size[0] * size[1])) * spacing[2] - centre[2];
    if (x * x + y * y + z * z <= radius * radius) data[at] = 1;
  }
  return { size, spacing, origin: [0, 0, 0], direction: identityDirection, data };
}

const sphere = (r: number) => (4 / 3) * Math.PI * r ** 3;
const count = (mask: Mask) => mask.data.reduce((sum, x) => sum + x, 0);

describe('squaredDistance', () => {
  it('equals brute force on anisotropic voxels', () => {
    const spacing = fc.double({ min: 0.3, max: 5, noNaN: true });
    fc.assert(
      fc.property(
        fc.tuple(
          fc.integer({ min: 1, max: 9 }),
          fc.integer({ min: 1, max: 8 }),
          fc.integer({ min: 1, max: 7 }),
        ),
        fc.tuple(spacing, spacing, spacing),
        fc.array(fc.nat(503), { minLength: 1, maxLength: 12 }),
        (size, steps, inside) => {
          const data = new Uint8Array(size[0] * size[1] * size[2]);
          for (const at of inside) data[at % data.length] = 1;
          const mask: Mask = {
            size,
            spacing: steps,
            origin: [0, 0, 0],
            direction: identityDirection,
            data,
          };
          const got = squaredDistance(mask);
          const place = (at: number) => [
            (at % size[0]) * steps[0],
            (Math.floor(at / size[0]) % size[1]) * steps[1],
            Math.floor(at / (size[0] * size[1])) * steps[2],
          ];
          for (let a = 0; a < data.length; a++) {
            let least = Number.POSITIVE_INFINITY;
            for (let b = 0; b < data.length; b++) {
              if (data[b] === 0) continue;
              const [p, q] = [place(a), place(b)];
              least = Math.min(least, (p[0] - q[0]) ** 2 + (p[1] - q[1]) ** 2 + (p[2] - q[2]) ** 2);
            }
            expect(Math.abs(got[a] - least)).toBeLessThanOrEqual(1e-9 * (1 + least));
          }
        },
      ),
      { numRuns: 150 },
    );
  });
});

describe('peritumoralRing', () => {
  it.each([
    [[61, 61, 61], [1, 1, 1], 12, 0, 5],
    [[81, 61, 31], [0.7, 1, 2.1], 14, 0, 5],
    [[61, 61, 61], [1, 1, 1], 10, 3, 9],
  ] as [Vector3, Vector3, number, number, number][])(
    'of a sphere has the analytic volume within a voxel of thickness (%j, %j mm, radius %d, %d to %d mm)',
    (size, spacing, radius, inner, outer) => {
      const ring = peritumoralRing(ball(size, spacing, radius), { inner, outer });
      const volume = count(ring) * voxelVolume(ring);
      const voxel = Math.max(...spacing);
      // Outermost voxel centres lie up to a voxel within the sphere, so the ring's surfaces may, too.
      expect(volume).toBeGreaterThan(sphere(radius + outer - voxel) - sphere(radius + inner));
      expect(volume).toBeLessThan(
        sphere(radius + outer + voxel / 2) - sphere(radius + inner - voxel),
      );
      expect(Math.abs(volume / (sphere(radius + outer) - sphere(radius + inner)) - 1)).toBeLessThan(
        0.15,
      );
    },
  );

  it('leaves the region out, ends at the image and at the body, and says where nothing is left', () => {
    const mask = ball([21, 21, 21], [1, 1, 1], 9);
    const ring = peritumoralRing(mask);
    for (let i = 0; i < ring.data.length; i++) expect(ring.data[i] & mask.data[i]).toBe(0);
    const half = Uint8Array.from(mask.data, (_, i) => (i % 21 < 10 ? 1 : 0));
    const cut = peritumoralRing(mask, { body: { ...mask, data: half } });
    expect(count(cut)).toBeLessThan(count(ring));
    for (let i = 0; i < half.length; i++) expect(cut.data[i] <= half[i]).toBe(true);
    const nothing = { ...mask, data: new Uint8Array(mask.data.length) };
    expect(() => peritumoralRing(mask, { body: nothing })).toThrow(/no voxel/);
    expect(() => peritumoralRing(nothing)).toThrow(/0 voxels/);
    expect(() => peritumoralRing(mask, { inner: 5, outer: 5 })).toThrow(/0 ≤ inner < outer/);
    expect(() => peritumoralRing(mask, { body: ball([20, 21, 21], [1, 1, 1], 9) })).toThrow(
      /20×21×21/,
    );
  });
});
