import type { RandomStream } from '../../runtime/random-stream.ts';

/** A random field over space, mean 0 and standard deviation about 1. */
export type SmoothField = (x: number, y: number, z: number) => number;

/**
 * Lattice noise: a standard normal at every point of a lattice, linear between them. The same place in the patient has the
 * same value, whatever the grid of the scan.
 *
 * @param cell mm between lattice points: the size of the blobs
 * @param reach mm: the field is there for |x|, |y|, |z| up to it
 */
export function smoothField(stream: RandomStream, cell: number, reach: number): SmoothField {
  const n = 2 * Math.ceil(reach / cell) + 2;
  const values = new Float32Array(n * n * n);
  // Linear interpolation averages up to eight points: on average (2/3)³ of the variance is left.
  const scale = 1.8371173070873836; // 1.5 to the power 1.5, as a literal: V8 versions differ in the last bit of powers
  stream.fillNormal(values, scale);
  const half = n / 2;
  const most = n - 2;
  return (x, y, z) => {
    const fx = Math.min(most, Math.max(0, x / cell + half));
    const fy = Math.min(most, Math.max(0, y / cell + half));
    const fz = Math.min(most, Math.max(0, z / cell + half));
    const i = Math.floor(fx);
    const j = Math.floor(fy);
    const k = Math.floor(fz);
    const u = fx - i;
    const v = fy - j;
    const w = fz - k;
    const at = i + n * (j + n * k);
    const low = onSlice(values, n, at, u, v);
    return low + w * (onSlice(values, n, at + n * n, u, v) - low);
  };
}

/** Between four points of one slice of the lattice. */
function onSlice(values: Float32Array, n: number, at: number, u: number, v: number): number {
  const near = values[at] + u * (values[at + 1] - values[at]);
  const far = values[at + n] + u * (values[at + n + 1] - values[at + n]);
  return near + v * (far - near);
}
