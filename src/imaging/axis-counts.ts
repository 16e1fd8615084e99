import type { Mask, Vector3 } from './volume.ts';

/** How many voxels of a mask lie at each index of x, y and z: areas of its slices along the three axes, in voxels. */
export function axisCounts({ data, size }: Mask): [Float64Array, Float64Array, Float64Array] {
  const [nx, ny, nz] = size;
  const x = new Float64Array(nx);
  const y = new Float64Array(ny);
  const z = new Float64Array(nz);
  for (let k = 0, at = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) {
      for (let i = 0; i < nx; i++, at++) {
        if (data[at] === 0) continue;
        x[i]++;
        y[j]++;
        z[k]++;
      }
    }
  }
  return [x, y, z];
}

/** Number of voxels and their centre of mass as an index; NaN for an empty mask. */
export function centreOfMass([x, y, z]: readonly [Float64Array, Float64Array, Float64Array]): {
  voxels: number;
  centre: Vector3;
} {
  const voxels = x.reduce((sum, count) => sum + count, 0);
  const along = (counts: Float64Array) =>
    counts.reduce((sum, count, index) => sum + index * count, 0) / voxels;
  return { voxels, centre: [along(x), along(y), along(z)] };
}
