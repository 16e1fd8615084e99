import { resampleOnto } from './resample.ts';
import {
  type Geometry,
  geometryOf,
  indexToPoint,
  type Mask,
  pointToIndex,
  type Volume,
} from './volume.ts';

export interface ResampleMaskOptions {
  /**
   * `nearest`: the nearest voxel decides (PyRadiomics). `linear`: the mask is interpolated and a voxel is inside
   * from 0.5 on (IBSI; grids of the same orientation only). Default `nearest`.
   */
  interpolation?: 'nearest' | 'linear';
}

/** A region on another grid, of any orientation for `nearest`. The result may be empty; the caller must check this. */
export function resampleMask(
  mask: Mask,
  grid: Geometry,
  { interpolation = 'nearest' }: ResampleMaskOptions = {},
): Mask {
  if (interpolation === 'nearest') return { ...geometryOf(grid), data: nearest(mask, grid) };
  const parts: Volume = { ...geometryOf(mask), data: Float64Array.from(mask.data) };
  const share = resampleOnto(parts, grid, { interpolation: 'linear' }).data;
  const data = new Uint8Array(share.length);
  // 1e-10: a voxel exactly half covered is inside whatever the rounding.
  for (let i = 0; i < data.length; i++) data[i] = share[i] >= 0.5 - 1e-10 ? 1 : 0;
  return { ...geometryOf(grid), data };
}

function nearest(mask: Mask, grid: Geometry): Uint8Array {
  const [nx, ny, nz] = grid.size;
  const [mx, my, mz] = mask.size;
  const out = new Uint8Array(nx * ny * nz);
  // Both ends of a row through space, then straight between them, as ITK does it: where the spacings are commensurate
  // (6.5 mm to 1 mm) centres fall exactly between two voxels, and the last bit decides which one is taken.
  // Rows of unturned grids differ in y and z alone, and have old voxels along x in common.
  const along = new Int32Array(nx);
  let [from, to] = [Number.NaN, Number.NaN];
  for (let k = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) {
      const [x0, y0, z0] = pointToIndex(mask, indexToPoint(grid, [0, j, k]));
      const [x1, y1, z1] = pointToIndex(mask, indexToPoint(grid, [nx, j, k]));
      const row = nx * (j + ny * k);
      if (x0 !== from || x1 !== to) {
        for (let i = 0; i < nx; i++) along[i] = Math.floor(x0 + (x1 - x0) * (i / nx) + 0.5);
        [from, to] = [x0, x1];
      }
      const straight = y0 === y1 && z0 === z1;
      let y = Math.floor(y0 + 0.5);
      let z = Math.floor(z0 + 0.5);
      if (straight && (y < 0 || z < 0 || y >= my || z >= mz)) continue;
      for (let i = 0; i < nx; i++) {
        const x = along[i];
        if (!straight) {
          y = Math.floor(y0 + (y1 - y0) * (i / nx) + 0.5);
          z = Math.floor(z0 + (z1 - z0) * (i / nx) + 0.5);
        }
        if (x < 0 || y < 0 || z < 0 || x >= mx || y >= my || z >= mz) continue;
        out[row + i] = mask.data[x + mx * (y + my * z)];
      }
    }
  }
  return out;
}
