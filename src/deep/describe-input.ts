import type { DeepInput } from './deep-input.ts';

/** What an input of a network consists of. */
export interface InputDescription {
  /** Voxels: depth × height × width. */
  voxels: [number, number, number];
  /** Along x, y and z, mm. */
  spacing: readonly [number, number, number];
  /** Share of the voxels that lie in the region, 0 to 1; NaN without a region. */
  regionShare: number;
  /** Share of the voxels that are exactly 0, which is what masking fills in; 0 to 1. */
  zeroShare: number;
  /** Largest value, in standard deviations of the body where the input is standardised by it. */
  largest: number;
  /** Grey window that shows tissue and the brightest voxel: from -2 to the largest value, rounded up, 2 at least. */
  window: [number, number];
}

/** Measures what a network is given. */
export function describeInput({ shape, data, region, geometry }: DeepInput): InputDescription {
  let zeros = 0;
  let largest = Number.NEGATIVE_INFINITY;
  for (const value of data) {
    if (value === 0) zeros++;
    if (value > largest) largest = value;
  }
  let inside = 0;
  for (const voxel of region ?? []) inside += voxel;
  return {
    voxels: shape,
    spacing: geometry.spacing,
    regionShare: region === undefined ? Number.NaN : inside / data.length,
    zeroShare: zeros / data.length,
    largest,
    window: [-2, Math.max(2, Math.ceil(largest))],
  };
}
