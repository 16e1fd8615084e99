import { requireFinite } from '../imaging/finite-voxels.ts';
import { geometryOf, type Volume } from '../imaging/volume.ts';
import { NacreError } from '../runtime/errors.ts';
import type { Settings } from './settings.ts';

/**
 * z-score of the whole image, clipped at so many standard deviations, times a factor (PyRadiomics `normalizeImage`,
 * ITK's NormalizeImageFilter: sample standard deviation over all voxels, also those outside the region).
 *
 * @returns voxels as doubles; where the image is float32, as float32 (ITK keeps the type of a real image)
 * @throws NacreError `non-finite` where the image holds NaN or infinite voxels: they would be in mean and standard
 *   deviation of all; `flat-image`
 */
export function normaliseImage(
  image: Volume,
  { normalizeScale, removeOutliers }: Settings,
): Volume {
  const { data } = image;
  requireFinite(data);
  const n = data.length;
  let sum = 0;
  for (let i = 0; i < n; i++) sum += data[i];
  const mean = sum / n;
  let squares = 0;
  for (let i = 0; i < n; i++) squares += (data[i] - mean) ** 2;
  const sd = Math.sqrt(squares / (n - 1));
  if (sd === 0) {
    throw new NacreError('flat-image', 'the image cannot be normalised', {
      found: `${mean} in every voxel`,
      expected: 'intensities that differ',
    });
  }
  const limit = removeOutliers ?? Number.POSITIVE_INFINITY;
  const out = data instanceof Float32Array ? new Float32Array(n) : new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const z = (data[i] - mean) / sd;
    out[i] = Math.min(limit, Math.max(-limit, z)) * normalizeScale;
  }
  return { ...geometryOf(image), data: out };
}
