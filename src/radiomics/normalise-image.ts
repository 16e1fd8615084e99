import { requireFinite } from '../imaging/finite-voxels.ts';
import { geometryOf, type Volume, type VoxelArray } from '../imaging/volume.ts';
import { NacreError } from '../runtime/errors.ts';
import type { Settings } from './settings.ts';

/**
 * z-score of the whole image, clipped at a number of standard deviations, times a factor (PyRadiomics `normalizeImage`,
 * ITK's NormalizeImageFilter: sample standard deviation over all voxels, also those outside the region).
 *
 * @param into where the voxels are written, one for each of the image; default: a new array
 * @returns voxels as doubles, as SimpleITK gives them for every type of image
 * @throws NacreError `non-finite` where the image holds NaN or infinite voxels: they would be in mean and standard
 *   deviation of all; `flat-image`
 */
export function normaliseImage(
  image: Volume,
  { normalizeScale, removeOutliers }: Pick<Settings, 'normalizeScale' | 'removeOutliers'>,
  into?: Float64Array,
): Volume<Float64Array> {
  const { data } = image;
  requireFinite(data);
  const n = data.length;
  // As ITK's StatisticsImageFilter adds them up: LBP3D compares equal voxels later and needs the same last bits.
  const sum = compensatedSum(data, (x) => x);
  const squares = compensatedSum(data, (x) => x * x);
  const mean = sum / n;
  const sd = Math.sqrt((squares - (sum * sum) / n) / (n - 1));
  if (!(sd > 0)) {
    throw new NacreError('flat-image', 'the image cannot be normalised', {
      found: `${mean} in every voxel`,
      expected: 'intensities that differ',
    });
  }
  const scale = 1 / sd;
  const limit = removeOutliers ?? Number.POSITIVE_INFINITY;
  const out = into ?? new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const z = (data[i] - mean) * scale;
    out[i] = Math.min(limit, Math.max(-limit, z)) * normalizeScale;
  }
  return { ...geometryOf(image), data: out };
}

/** Sum with Kahan's compensation; whole numbers add up exactly. */
function compensatedSum(data: VoxelArray, term: (x: number) => number): number {
  let sum = 0;
  let compensation = 0;
  for (let i = 0; i < data.length; i++) {
    const next = term(data[i]) - compensation;
    const total = sum + next;
    compensation = total - sum - next;
    sum = total;
  }
  return sum;
}
