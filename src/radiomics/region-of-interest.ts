import { boxOf } from '../imaging/crop.ts';
import { sameSize } from '../imaging/same-geometry.ts';
import {
  type Geometry,
  type Mask,
  pointToIndex,
  type Vector3,
  type Volume,
} from '../imaging/volume.ts';
import { NacreError } from '../runtime/errors.ts';

/**
 * The input of every feature class: image and mask cropped to the mask's bounding box, x-fastest order
 * (index `i + nx · (j + ny · k)`). Never changed in place.
 */
export interface RegionOfInterest extends Geometry {
  /** Intensities of the whole box, also outside the mask. */
  readonly intensity: Float64Array;
  /** 1 in the region (after re-segmentation, where there was one), 0 outside. */
  readonly mask: Uint8Array;
  /** Voxels in the mask, at least 1. */
  readonly voxels: number;
}

/** A region with its intensities as grey levels, the input of texture classes. */
export interface DiscretisedRegion extends RegionOfInterest {
  /** Grey level of each voxel: 1 to `levelCount` in the mask, 0 outside. */
  readonly levels: Int32Array;
  /** Ng: the highest level that the discretisation provides. */
  readonly levelCount: number;
  /** `levelCount + 1` edges (or more) of the bins, ascending; empty where levels were given. */
  readonly binEdges: Float64Array;
  /** Levels that occur in the mask, ascending. */
  readonly presentLevels: Int32Array;
  /** Voxels of each level: `levelVoxels[level]`, length `levelCount + 1`. */
  readonly levelVoxels: Float64Array;
}

export interface RegionOptions {
  /** Take voxels of the mask equal to this label; undefined (the default) takes all that are not 0. */
  label?: number | undefined;
}

/**
 * Crops image and mask to the bounding box of the mask's voxels.
 *
 * @param image voxels of any type, same grid as `mask` (the caller has checked geometry)
 * @throws NacreError `geometry-mismatch`, `empty-mask`, and `non-finite` where the region holds NaN or infinite intensities
 */
export function regionOfInterest(
  image: Volume,
  mask: Volume | Mask,
  { label }: RegionOptions = {},
): RegionOfInterest {
  const [nx, ny] = image.size;
  if (!sameSize(mask, image)) {
    throw new NacreError('geometry-mismatch', 'mask and image are not on one grid', {
      found: `mask ${mask.size.join('×')}`,
      expected: `${image.size.join('×')} voxels, as the image`,
      todo: 'resample the mask onto the image (--resample-mask)',
    });
  }
  const labels = mask.data;
  const box = boxOf(mask, label);
  if (box === undefined) {
    throw new NacreError('empty-mask', 'the mask has no voxel', {
      found: label === undefined ? 'zeros only' : `no voxel of label ${label}`,
      expected: 'at least one voxel',
    });
  }
  const [x0, y0, z0] = box.low;
  const [x1, y1, z1] = box.high;
  const size = [x1 - x0 + 1, y1 - y0 + 1, z1 - z0 + 1] as const;
  const intensity = new Float64Array(size[0] * size[1] * size[2]);
  const inside = new Uint8Array(intensity.length);
  let voxels = 0;
  let bad = 0;
  for (let k = z0, to = 0; k <= z1; k++) {
    for (let j = y0; j <= y1; j++) {
      for (let i = x0, at = x0 + nx * (j + ny * k); i <= x1; i++, at++, to++) {
        const value = image.data[at];
        intensity[to] = value;
        if (label === undefined ? labels[at] === 0 : labels[at] !== label) continue;
        inside[to] = 1;
        voxels++;
        if (!Number.isFinite(value)) bad++;
      }
    }
  }
  if (bad > 0) {
    throw new NacreError('non-finite', 'the region holds voxels that are not numbers', {
      found: `${bad} NaN or infinite of ${voxels} voxels`,
      expected: 'finite intensities in the mask',
      todo: 'leave them out by re-segmentation, or fix the image',
    });
  }
  const { spacing, direction, origin: o } = image;
  const [dx, dy, dz] = [x0 * spacing[0], y0 * spacing[1], z0 * spacing[2]];
  const origin = [0, 3, 6].map(
    (row) => o[row / 3] + direction[row] * dx + direction[row + 1] * dy + direction[row + 2] * dz,
  ) as unknown as readonly [number, number, number];
  return { size, spacing, direction, origin, intensity, mask: inside, voxels };
}

/**
 * Voxels along i, j, k from the first voxel of a box to that of a box within it, on the same grid.
 *
 * @throws NacreError `region-outside` where the inner box is not within the outer one, voxel on voxel
 */
export function stepsInside(outer: Geometry, inner: Geometry): Vector3 {
  const exact = pointToIndex(outer, inner.origin);
  const [i, j, k] = exact.map(Math.round);
  const low = [i, j, k];
  const fits = low.every(
    (n, axis) =>
      n >= 0 && n + inner.size[axis] <= outer.size[axis] && Math.abs(n - exact[axis]) < 1e-3,
  );
  if (fits) return [i, j, k];
  throw new NacreError('region-outside', 'the region does not lie within the box around it', {
    found: `${inner.size.join('×')} voxels from (${exact.map((n) => n.toFixed(2)).join(', ')})`,
    expected: `whole steps within ${outer.size.join('×')} voxels`,
    todo: 'take morphology and surroundings from the image of the region',
  });
}

/** The region's intensities in scan order, length `voxels`. */
export function regionIntensities({ intensity, mask, voxels }: RegionOfInterest): Float64Array {
  const values = new Float64Array(voxels);
  for (let at = 0, to = 0; at < mask.length; at++) {
    if (mask[at] === 1) values[to++] = intensity[at];
  }
  return values;
}
