import type { Vector3, Volume } from '../../imaging/volume.ts';
import { integerPower } from '../../runtime/integer-power.ts';

/** Pole of the cubic B-spline's inverse filter, √3 - 2 correctly rounded, as scipy has it; the difference itself is two ulps off. */
const pole = -0.2679491924311227;
const gain = (1 - pole) * (1 - 1 / pole);

/**
 * Coefficients of the cubic B-spline through the voxels, mirrored at the borders, operation by operation as scipy computes them
 * (`ndimage.spline_filter`, order 3): slices first, each line from its first voxel to its last. Where a sample is compared with a
 * voxel of the same value, the last bit decides, and it must be that of scipy.
 *
 * @returns x fastest
 */
export function scipySplineCoefficients({ data, size }: Volume): Float64Array {
  const c = Float64Array.from(data as ArrayLike<number>);
  const [nx, ny, nz] = size;
  filterAxis(c, nz, nx * ny, nx * ny, 1);
  filterAxis(c, ny, nx, nx, nz);
  filterAxis(c, nx, 1, 1, ny * nz);
  return c;
}

/** Lines of `n` voxels, `step` apart; `beside` of them side by side, and that `groups` times. */
function filterAxis(
  c: Float64Array,
  n: number,
  step: number,
  beside: number,
  groups: number,
): void {
  if (n < 2) return;
  const powerOfLast = integerPower(pole, n - 1);
  for (let g = 0; g < groups; g++) {
    const first = g * n * step;
    for (let at = first; at < first + beside; at++) {
      for (let i = 0, v = at; i < n; i++, v += step) c[v] *= gain;
      const last = at + (n - 1) * step;
      let sum = c[at] + powerOfLast * c[last];
      let power = pole;
      for (let i = 1; i < n - 1; i++) {
        sum += power * (c[at + i * step] + powerOfLast * c[last - i * step]);
        power *= pole;
      }
      c[at] = sum / (1 - powerOfLast * powerOfLast);
      for (let i = 1, v = at + step; i < n; i++, v += step) c[v] += pole * c[v - step];
      c[last] = ((pole * c[last - step] + c[last]) * pole) / (pole * pole - 1);
      for (let i = n - 2, v = last - step; i >= 0; i--, v -= step)
        c[v] = pole * (c[v + step] - c[v]);
    }
  }
}

const weights = new Float64Array(12);
const places = new Int32Array(12);

/**
 * The spline at a point, in voxels, as `ndimage.map_coordinates` adds it up; 0 beyond the outermost voxel centres (its mode
 * `constant`).
 */
export function scipySplineAt(
  coefficients: Float64Array,
  size: Vector3,
  x: number,
  y: number,
  z: number,
): number {
  if (!tap(x, size[0], 0) || !tap(y, size[1], 4) || !tap(z, size[2], 8)) return 0;
  let sum = 0;
  for (let k = 8; k < 12; k++) {
    for (let j = 4; j < 8; j++) {
      const row = size[0] * (places[j] + size[1] * places[k]);
      for (let i = 0; i < 4; i++) {
        sum += coefficients[row + places[i]] * weights[k] * weights[j] * weights[i];
      }
    }
  }
  return sum;
}

/** Weights and voxels along one axis; false beyond the outermost voxel centres. */
function tap(x: number, n: number, at: number): boolean {
  if (x < 0 || x > n - 1) return false;
  const low = Math.floor(x);
  const y = x - low;
  const z = 1 - y;
  weights[at + 1] = (y * y * (y - 2) * 3 + 4) / 6;
  weights[at + 2] = (z * z * (z - 2) * 3 + 4) / 6;
  weights[at] = (z * z * z) / 6;
  weights[at + 3] = 1 - weights[at] - weights[at + 1] - weights[at + 2];
  for (let t = 0; t < 4; t++) {
    const place = Math.abs(low - 1 + t);
    places[at + t] = n === 1 ? 0 : place > n - 1 ? 2 * (n - 1) - place : place;
  }
  return true;
}
