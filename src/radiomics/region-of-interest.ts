import { type Box, boxOf, geometryOfBox, sizeOfBox } from '../imaging/crop.ts';
import { sameSize } from '../imaging/same-geometry.ts';
import {
  type Geometry,
  type Mask,
  pointToIndex,
  type Vector3,
  type Volume,
  type VoxelArray,
} from '../imaging/volume.ts';
import { NacreError } from '../runtime/errors.ts';
import { countInside, countNotFinite } from './algorithms/region-passes.ts';

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
  if (!sameSize(mask, image)) {
    throw new NacreError('geometry-mismatch', 'mask and image are not on one grid', {
      found: `mask ${mask.size.join('×')}`,
      expected: `${image.size.join('×')} voxels, as the image`,
      todo: 'resample the mask onto the image (--resample-mask)',
    });
  }
  const box = boxOf(mask, label);
  if (box === undefined) {
    throw new NacreError('empty-mask', 'the mask has no voxel', {
      found: label === undefined ? 'zeros only' : `no voxel of label ${label}`,
      expected: 'at least one voxel',
    });
  }
  return regionInBox(image, box, mask, box, { label });
}

/**
 * The region in a box.
 *
 * @param imageBox the box in the image, whose grid may begin elsewhere than the mask's
 * @throws NacreError `non-finite` where the region holds NaN or infinite intensities
 */
export function regionInBox(
  image: Volume,
  imageBox: Box,
  mask: Volume | Mask,
  box: Box,
  { label }: RegionOptions = {},
): RegionOfInterest {
  const inside = insideOf(mask, box, label);
  const intensity = new Float64Array(inside.length);
  copyBox(image, imageBox, intensity);
  const voxels = countInside(inside);
  const whole = !(image.data instanceof Float32Array || image.data instanceof Float64Array);
  const bad = whole ? 0 : countNotFinite(intensity, inside);
  if (bad > 0) {
    throw new NacreError('non-finite', 'the region holds voxels that are not numbers', {
      found: `${bad} NaN or infinite of ${voxels} voxels`,
      expected: 'finite intensities in the mask',
      todo: 'leave them out by re-segmentation, or fix the image',
    });
  }
  return {
    ...geometryOfBox(image, imageBox),
    intensity,
    mask: inside,
    voxels,
  };
}

/**
 * The form of a region in a box, on the image's grid: voxels that are not numbers have a form too. What is asked for its intensities gets the
 * mask's numbers, made when they are asked for.
 */
export function formInBox(image: Geometry, mask: Mask, box: Box): RegionOfInterest {
  const inside = insideOf(mask, box);
  const voxels = countInside(inside);
  let intensity: Float64Array | undefined;
  return {
    ...geometryOfBox(image, box),
    get intensity() {
      intensity ??= Float64Array.from(inside);
      return intensity;
    },
    mask: inside,
    voxels,
  };
}

/** The part of a mask, not 0 in the region. */
function insideOf({ data, size }: Volume | Mask, box: Box, label?: number): Uint8Array {
  const [nx, ny] = size;
  const [mx, my, mz] = sizeOfBox(box);
  const inside = new Uint8Array(mx * my * mz);
  if (label === undefined && data instanceof Uint8Array) {
    copyBox({ data, size }, box, inside);
    return inside;
  }
  for (let to = 0; to < inside.length; to++) {
    const [i, row] = [to % mx, Math.floor(to / mx)];
    const [j, k] = [row % my, Math.floor(row / my)];
    const value = data[box.low[0] + i + nx * (box.low[1] + j + ny * (box.low[2] + k))];
    inside[to] = +(label === undefined ? value !== 0 : value === label);
  }
  return inside;
}

/** The voxels of a box, row after row. */
function copyBox(
  { data, size }: Pick<Volume, 'data' | 'size'>,
  { low, high }: Box,
  out: VoxelArray,
): void {
  const [nx, ny] = size;
  const row = high[0] - low[0] + 1;
  for (let k = low[2], to = 0; k <= high[2]; k++) {
    for (let j = low[1]; j <= high[1]; j++, to += row) {
      const from = low[0] + nx * (j + ny * k);
      out.set(data.subarray(from, from + row), to);
    }
  }
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
