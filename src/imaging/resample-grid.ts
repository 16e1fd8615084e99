import { NacreError } from '../runtime/errors.ts';
import type { Box } from './crop.ts';
import { type Geometry, indexToPoint, markOf, type Vector3 } from './volume.ts';

/** Most voxels of a resampled volume: its doubles fill 4 GiB. */
const largestGrid = 2 ** 29;

/** @throws NacreError `too-large` where the spacing makes more voxels than are held */
function sized(size: readonly number[], spacing: Vector3): Vector3 {
  const [nx, ny, nz] = size;
  if (nx * ny * nz <= largestGrid) return [nx, ny, nz];
  throw new NacreError('too-large', 'the resampled image would be too large', {
    found: `${size.join('×')} voxels of ${spacing.join(' × ')} mm`,
    expected: `at most ${largestGrid} voxels`,
    todo: 'take a coarser spacing',
  });
}

/**
 * IBSI's grid: the same centre as the image's, ceil(n · s / s') voxels per axis (IBSI 1 reference manual, 2.4).
 *
 * @param spacing mm along i, j, k; 0 keeps the image's
 * @throws NacreError `too-large`
 */
export function centreAlignedGrid(image: Geometry, spacing: Vector3): Geometry {
  const to = spacing.map((s, axis) => (s === 0 ? image.spacing[axis] : s));
  // 1e-6 of a voxel less: 64 · 0.9765625 / 2 must not become one voxel more by rounding.
  const size = to.map((s, axis) =>
    Math.max(1, Math.ceil((image.size[axis] * image.spacing[axis]) / s - 1e-6)),
  );
  const first = to.map(
    (s, axis) => (image.size[axis] - 1) / 2 - (((size[axis] - 1) / 2) * s) / image.spacing[axis],
  );
  const spaced: Vector3 = [to[0], to[1], to[2]];
  return {
    size: sized(size, spaced),
    spacing: spaced,
    origin: indexToPoint(image, [first[0], first[1], first[2]]),
    direction: image.direction,
    ...markOf(image),
  };
}

/**
 * PyRadiomics' spacing for a region (`resampleImage`): 0 keeps the mask's, also in a direction in which the region is one
 * slice thick.
 */
export function pyradiomicsSpacing(mask: Geometry, box: Box, spacing: Vector3): Vector3 {
  const to = spacing.map((s, axis) =>
    s === 0 || box.high[axis] === box.low[axis] ? mask.spacing[axis] : s,
  );
  return [to[0], to[1], to[2]];
}

/** True where PyRadiomics takes two spacings for equal (numpy.allclose: 1e-8 + 1e-5 relative). */
export function closeSpacing(a: Vector3, b: Vector3): boolean {
  return a.every((s, axis) => Math.abs(s - b[axis]) <= 1e-8 + 1e-5 * Math.abs(b[axis]));
}

/**
 * PyRadiomics' grid (`resampleImage`): the corner of its first voxel lies on the corner of the mask's first one; of that
 * grid the part over the region's box, half a voxel and `padDistance` new voxels around it, cut at the image's border.
 *
 * @param box of the region
 * @param spacing mm, of `pyradiomicsSpacing`
 * @param padDistance new voxels
 * @throws NacreError `too-large`
 */
export function boxAlignedGrid(
  mask: Geometry,
  box: Box,
  spacing: Vector3,
  padDistance: number,
): Geometry {
  const size = [0, 0, 0];
  const first = [0, 0, 0];
  for (let axis = 0; axis < 3; axis++) {
    const ratio = mask.spacing[axis] / spacing[axis];
    const low = Math.max(0, Math.floor((box.low[axis] - 0.5) * ratio - padDistance));
    const high = Math.min(
      Math.ceil(mask.size[axis] * ratio) - 1,
      Math.ceil((box.high[axis] + 0.5) * ratio + padDistance),
    );
    size[axis] = high - low + 1;
    first[axis] = (0.5 * (spacing[axis] - mask.spacing[axis])) / mask.spacing[axis] + low / ratio;
  }
  return {
    size: sized(size, spacing),
    spacing,
    origin: indexToPoint(mask, [first[0], first[1], first[2]]),
    direction: mask.direction,
    ...markOf(mask),
  };
}
