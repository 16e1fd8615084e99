import type { Vector3 } from '../../imaging/volume.ts';
import { cbrt } from '../../runtime/elementary.ts';
import { type FeatureOptions, featureValues, type IntensityClass } from '../feature-class.ts';
import { localIntensityFeatures } from '../feature-names-ibsi.ts';
import { type RegionOfInterest, stepsInside } from '../region-of-interest.ts';

export interface LocalIntensityOptions extends FeatureOptions {
  /** The image in a box around the region, on its grid: the spheres reach beyond the region's own box. */
  surroundings?: Omit<RegionOfInterest, 'mask' | 'voxels'> | undefined;
}

/** Radius of a sphere of 1 cm³, mm. */
export const peakRadius = 10 * cbrt(3 / (4 * Math.PI));

/** Voxels that the sphere reaches to each side along i, j, k. */
export function peakReach(spacing: Vector3): Vector3 {
  const [i, j, k] = spacing.map((mm) => Math.floor(peakRadius / mm));
  return [i, j, k];
}

/**
 * IBSI's local intensity (9ST6; reference manual, 3.2): means over spheres of 1 cm³ around the region's voxels. A sphere
 * holds every voxel of the image whose centre lies in it (`options.surroundings`; without them those of the box), in the
 * region or not. Of several voxels with the maximum the highest mean counts.
 *
 * The sphere ends where the image does: with `conventions: pyradiomics` a resampled or pre-cropped image has `padDistance`
 * voxels around the region, which at 1 mm are fewer than the 6.2 mm of the sphere; ask for 7, or for `conventions: ibsi`.
 */
export const localIntensity: IntensityClass<LocalIntensityOptions> = {
  name: 'localintensity',
  title: 'Local intensity',
  needs: 'intensities',
  also: 'surroundings',
  features: localIntensityFeatures,
  compute(region, options = {}) {
    const around = options.surroundings ?? region;
    const [i0, j0, k0] = stepsInside(around, region);
    const sphere = sphereSums(around);
    const [nx, ny, nz] = region.size;
    let [most, local, global] = [-Infinity, -Infinity, -Infinity];
    for (let k = 0, at = 0; k < nz; k++) {
      for (let j = 0; j < ny; j++) {
        for (let i = 0; i < nx; i++, at++) {
          if (region.mask[at] === 0) continue;
          const value = region.intensity[at];
          const mean = sphere(i + i0, j + j0, k + k0);
          if (mean > global) global = mean;
          if (value > most) [most, local] = [value, mean];
          else if (value === most && mean > local) local = mean;
        }
      }
    }
    return featureValues(localIntensityFeatures, { LocalPeak: local, GlobalPeak: global }, options);
  },
};

/** Mean over the sphere around a voxel: running sums along i make a row of it one difference. */
function sphereSums({ size, spacing, intensity }: Omit<RegionOfInterest, 'mask' | 'voxels'>) {
  const [nx, ny, nz] = size;
  const width = nx + 1;
  const sums = new Float64Array(width * ny * nz);
  const counts = new Int32Array(sums.length);
  for (let row = 0; row < ny * nz; row++) {
    for (let i = 0, to = width * row; i < nx; i++, to++) {
      const value = intensity[nx * row + i];
      // The surroundings, unlike the region, may contain NaN.
      const known = Number.isFinite(value);
      sums[to + 1] = sums[to] + (known ? value : 0);
      counts[to + 1] = counts[to] + (known ? 1 : 0);
    }
  }
  const rows = sphereRows(spacing);
  return (i: number, j: number, k: number): number => {
    let sum = 0;
    let count = 0;
    for (let r = 0; r < rows.length; r += 3) {
      const [y, z] = [j + rows[r], k + rows[r + 1]];
      if (y < 0 || y >= ny || z < 0 || z >= nz) continue;
      const start = width * (y + ny * z);
      const from = start + Math.max(0, i - rows[r + 2]);
      const to = start + Math.min(nx, i + rows[r + 2] + 1);
      sum += sums[to] - sums[from];
      count += counts[to] - counts[from];
    }
    return sum / count;
  };
}

/** Rows of the sphere: steps of j and k, and how far the row reaches along i. */
function sphereRows(spacing: Vector3): Int32Array {
  const [, rj, rk] = peakReach(spacing);
  const rows: number[] = [];
  for (let k = -rk; k <= rk; k++) {
    for (let j = -rj; j <= rj; j++) {
      const left = peakRadius ** 2 - (j * spacing[1]) ** 2 - (k * spacing[2]) ** 2;
      if (left >= 0) rows.push(j, k, Math.floor(Math.sqrt(left) / spacing[0]));
    }
  }
  return Int32Array.from(rows);
}
