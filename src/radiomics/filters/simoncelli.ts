import type { Volume } from '../../imaging/volume.ts';
import { cos, log2 } from '../../runtime/elementary.ts';
import { type Boundary, wholeBox } from './boundary.ts';
import type { FilteredImage, WithinBox } from './filtered-image.ts';
import { radialResponse } from './radial-response.ts';

export interface SimoncelliOptions extends WithinBox {
  /** Number of the band, from 1: each lies an octave below the one before it. Default 1. */
  level?: number;
  /** Beyond the image. Default `mirror`. */
  boundary?: Boundary;
  /** Axes (0, 1, 2: i, j, k) that are filtered. Default [0, 1, 2]; two for slice by slice. */
  axes?: readonly (0 | 1 | 2)[];
}

/**
 * Band-pass map B of Simoncelli's non-separable, isotropic wavelet (IBSI 2 reference manual, 3.8; PRT7), undecimated:
 * ĝ(ω) = cos(π/2 · log2(2^j |ω| / π)) for π/4 < 2^(j-1) |ω| < π, else 0; ω in radians per voxel, j the level.
 */
export function simoncelli(volume: Volume, options: SimoncelliOptions = {}): FilteredImage {
  const { level = 1, boundary = 'mirror', axes = [0, 1, 2], within = wholeBox(volume) } = options;
  let scale = 1;
  for (let j = 1; j < level; j++) scale *= 2;
  return {
    name: `simoncelli-level-${level}`,
    volume: radialResponse(volume, (radius) => band(scale * radius), boundary, axes, within),
  };
}

function band(radius: number): number {
  if (radius <= Math.PI / 4 || radius >= Math.PI) return 0;
  return cos((Math.PI / 2) * log2((2 * radius) / Math.PI));
}
