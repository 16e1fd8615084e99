import type { Box } from '../../imaging/crop.ts';
import type { Vector3, Volume } from '../../imaging/volume.ts';
import { type Boundary, paddedBox } from './boundary.ts';
import { convolve } from './convolve.ts';
import type { Rotation } from './rotations.ts';

/** A kernel along one axis. */
export interface AxisKernel {
  readonly taps: Float64Array;
  /** Index of the tap that lies on the voxel. */
  readonly centre: number;
}

/** A kernel per axis; undefined leaves an axis as it is. */
export type SeparableKernel = readonly [
  AxisKernel | undefined,
  AxisKernel | undefined,
  AxisKernel | undefined,
];

/** A kernel of odd length has its centre in the middle, one of even length on the first tap after it. */
export function centred(taps: Float64Array): AxisKernel {
  return { taps, centre: Math.floor(taps.length / 2) };
}

/** The kernel as it is after a rotation about the voxel. */
export function rotated(kernel: SeparableKernel, rotation: Rotation): SeparableKernel {
  const axis = (n: 0 | 1 | 2) => {
    const { from, reversed } = rotation[n];
    const one = kernel[from];
    if (one === undefined || !reversed) return one;
    return { taps: one.taps.slice().reverse(), centre: one.taps.length - 1 - one.centre };
  };
  return [axis(0), axis(1), axis(2)];
}

/**
 * Convolution with the product of three kernels: h[x] = Σ_m k[m] f[x - m], m counted from the centres.
 *
 * @param box where the response is wanted
 */
export function separableResponse(
  volume: Pick<Volume, 'data' | 'size'>,
  kernel: SeparableKernel,
  boundary: Boundary,
  box: Box,
): Float64Array {
  const reach = (side: (kernel: AxisKernel) => number): Vector3 => {
    const along = kernel.map((one) => (one === undefined ? 0 : side(one)));
    return [along[0], along[1], along[2]];
  };
  const before = reach(({ taps, centre }) => taps.length - 1 - centre);
  const after = reach(({ centre }) => centre);
  let part = paddedBox(volume, box, before, after, boundary);
  // The slowest axis first: its padding is then gone before the others are swept.
  for (const axis of [2, 1, 0] as const) {
    const one = kernel[axis];
    if (one !== undefined) part = convolve(part, axis, one.taps);
  }
  return part.data;
}
