import { cos, sin } from '../../runtime/elementary.ts';
import {
  type Geometry,
  geometryOf,
  indexToPoint,
  type Mask,
  type Matrix3,
  markOf,
  pointToIndex,
  unitOf,
  type Vector3,
  type Volume,
} from '../volume.ts';

/**
 * The same voxel grid, turned about an axis along its slices and shifted: where a scanner would have put its voxels, had the
 * patient lain a little differently. Size and spacing stay.
 *
 * @param degrees turn in the plane of a slice, about `centre`
 * @param shift share of a voxel along i, j, k
 * @param centre LPS position, mm, that the turn leaves in place
 */
export function turnedGrid(
  grid: Geometry,
  degrees: number,
  shift: Vector3,
  centre: Vector3,
): Geometry {
  const { direction: d, spacing } = grid;
  const angle = (degrees * Math.PI) / 180;
  const [cosine, sine] = [cos(angle), sin(angle)];
  const row = (r: number): [number, number, number] => {
    const [i, j, k] = [d[3 * r], d[3 * r + 1], d[3 * r + 2]];
    return [cosine * i + sine * j, cosine * j - sine * i, k];
  };
  const direction = [...row(0), ...row(1), ...row(2)] as unknown as Matrix3;
  // The index that lay on the centre still does, but for the shift.
  const at = pointToIndex(grid, centre);
  const turned: Geometry = { ...geometryOf(grid), direction, origin: [0, 0, 0] };
  const [x, y, z] = indexToPoint(turned, [at[0] - shift[0], at[1] - shift[1], at[2] - shift[2]]);
  return {
    size: grid.size,
    spacing,
    direction,
    origin: [centre[0] - x, centre[1] - y, centre[2] - z],
    ...markOf(grid),
  };
}

/** A scan on another grid of any orientation: linear between voxels, the nearest value beyond the edge. */
export function scanOnGrid(scan: Volume, grid: Geometry): Volume<Float64Array> {
  return { ...geometryOf(grid), ...markOf(scan), ...unitOf(scan), data: sampled(scan, grid, true) };
}

/** A region on another grid of any orientation: the voxels of which at least half lies inside, by linear interpolation. */
export function regionOnGrid(mask: Mask, grid: Geometry): Mask {
  const share = sampled(mask, grid, false);
  // 1e-10: a voxel exactly half covered is inside whatever the rounding.
  return { ...geometryOf(grid), data: Uint8Array.from(share, (s) => (s >= 0.5 - 1e-10 ? 1 : 0)) };
}

/** @param clamp beyond the edge the nearest value; else 0 */
function sampled(
  from: Pick<Volume, 'data'> & Geometry,
  grid: Geometry,
  clamp: boolean,
): Float64Array {
  const [nx, ny, nz] = grid.size;
  const [mx, my, mz] = from.size;
  const { data } = from;
  const out = new Float64Array(nx * ny * nz);
  const first = pointToIndex(from, indexToPoint(grid, [0, 0, 0]));
  const steps = [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ].map((unit) => {
    const next = pointToIndex(from, indexToPoint(grid, unit as unknown as Vector3));
    return [next[0] - first[0], next[1] - first[1], next[2] - first[2]];
  });
  const [si, sj, sk] = steps;
  for (let k = 0, at = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) {
      for (let i = 0; i < nx; i++, at++) {
        let x = first[0] + i * si[0] + j * sj[0] + k * sk[0];
        let y = first[1] + i * si[1] + j * sj[1] + k * sk[1];
        let z = first[2] + i * si[2] + j * sj[2] + k * sk[2];
        const beyond = x < 0 || y < 0 || z < 0 || x > mx - 1 || y > my - 1 || z > mz - 1;
        if (beyond) {
          if (!clamp && (x < -1 || y < -1 || z < -1 || x > mx || y > my || z > mz)) continue;
          x = Math.min(mx - 1, Math.max(0, x));
          y = Math.min(my - 1, Math.max(0, y));
          z = Math.min(mz - 1, Math.max(0, z));
        }
        const [a, b, c] = [Math.floor(x), Math.floor(y), Math.floor(z)];
        const [u, v, w] = [x - a, y - b, z - c];
        const right = a + 1 < mx ? 1 : 0;
        const back = b + 1 < my ? mx : 0;
        const up = c + 1 < mz ? mx * my : 0;
        const p = a + mx * (b + my * c);
        const low =
          (1 - v) * ((1 - u) * data[p] + u * data[p + right]) +
          v * ((1 - u) * data[p + back] + u * data[p + back + right]);
        const high =
          (1 - v) * ((1 - u) * data[p + up] + u * data[p + up + right]) +
          v * ((1 - u) * data[p + up + back] + u * data[p + up + back + right]);
        out[at] = (1 - w) * low + w * high;
      }
    }
  }
  return out;
}
