import type { Volume } from '../../imaging/volume.ts';
import { NacreError } from '../../runtime/errors.ts';
import { type Boundary, wholeBox } from './boundary.ts';
import type { FilteredImage, WithinBox } from './filtered-image.ts';
import { onBox } from './on-box.ts';
import { centred, separableResponse } from './separable.ts';

export interface MeanOptions extends WithinBox {
  /** Edge of the neighbourhood, voxels; odd. Default 5. */
  size?: number;
  /** Beyond the image. Default `mirror`. */
  boundary?: Boundary;
  /** Axes (0, 1, 2: i, j, k) of the neighbourhood. Default [0, 1, 2]; two for slice by slice. */
  axes?: readonly (0 | 1 | 2)[];
}

/**
 * Mean of the neighbourhood of M voxels an edge, g[k] = 1 / M^D (IBSI 2 reference manual, 3.2; S60F).
 *
 * @throws NacreError `bad-option` where the size is even: the neighbourhood would have no middle
 */
export function mean(volume: Volume, options: MeanOptions = {}): FilteredImage {
  const { size = 5, boundary = 'mirror', axes = [0, 1, 2], within = wholeBox(volume) } = options;
  if (!Number.isInteger(size) || size < 1 || size % 2 === 0) {
    throw new NacreError('bad-option', 'a neighbourhood has no middle voxel', {
      column: 'meanSize',
      found: String(size),
      expected: 'an odd number of voxels',
    });
  }
  const flat = centred(new Float64Array(size).fill(1 / size));
  const along = (axis: 0 | 1 | 2) => (axes.includes(axis) ? flat : undefined);
  const data = separableResponse(volume, [along(0), along(1), along(2)], boundary, within);
  return {
    name: 'mean',
    volume: onBox(volume, within, data),
  };
}
