import {
  identityDirection,
  type Mask,
  type Vector3,
  type Volume,
} from '../../src/imaging/volume.ts';
import type { FeatureValue } from '../../src/radiomics/feature-class.ts';
import { type RegionOfInterest, regionOfInterest } from '../../src/radiomics/region-of-interest.ts';
import fc from '../property-runs.ts';

export type Voxel = (i: number, j: number, k: number) => number;

/** Image and mask from a function of the voxel; without `inside` what is not 0 is in the mask. */
export function madeScan(
  size: Vector3,
  value: Voxel,
  inside: Voxel = (i, j, k) => (value(i, j, k) === 0 ? 0 : 1),
  spacing: Vector3 = [1, 1, 1],
): { image: Volume; mask: Mask } {
  const grid = { size, spacing, origin: [0, 0, 0], direction: identityDirection } as const;
  const data = new Float64Array(size[0] * size[1] * size[2]);
  const mask = new Uint8Array(data.length);
  for (let k = 0, at = 0; k < size[2]; k++)
    for (let j = 0; j < size[1]; j++)
      for (let i = 0; i < size[0]; i++, at++) {
        data[at] = value(i, j, k);
        mask[at] = inside(i, j, k);
      }
  return { image: { ...grid, data }, mask: { ...grid, data: mask } };
}

/** The region of such a scan. */
export function madeRegion(...scan: Parameters<typeof madeScan>): RegionOfInterest {
  const { image, mask } = madeScan(...scan);
  return regionOfInterest(image, mask);
}

/** Values by name. */
export function byName(values: readonly FeatureValue[]): Record<string, number> {
  return Object.fromEntries(values.map(({ name, value }) => [name, value]));
}

/** Places [i, j, k] of the region's voxels with their index. */
export function placesOf({ size, mask }: RegionOfInterest): { at: number; place: Vector3 }[] {
  const [nx, ny] = size;
  return Array.from(mask, (inside, at) => ({ inside, at }))
    .filter(({ inside }) => inside === 1)
    .map(({ at }) => ({
      at,
      place: [at % nx, Math.floor(at / nx) % ny, Math.floor(at / (nx * ny))],
    }));
}

/** Random 5×4×3 volumes of levels 1 to `most`, 0 outside the region, the first two voxels always in. */
export function randomLevels(most = 4) {
  return fc
    .array(fc.integer({ min: 0, max: most }), { minLength: 60, maxLength: 60 })
    .map((levels): Voxel => {
      const filled = [1, 2, ...levels.slice(2)];
      return (i, j, k) => filled[i + 5 * (j + 4 * k)];
    });
}
export const randomSize: Vector3 = [5, 4, 3];
