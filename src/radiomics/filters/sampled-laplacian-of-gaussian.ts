import { sizeOfBox } from '../../imaging/crop.ts';
import type { Vector3, Volume } from '../../imaging/volume.ts';
import { exp } from '../../runtime/elementary.ts';
import { type Boundary, paddedBox, wholeBox } from './boundary.ts';
import { convolve } from './convolve.ts';
import type { FilteredImage, WithinBox } from './filtered-image.ts';
import { logName, sigmaOf } from './laplacian-of-gaussian.ts';
import { onBox } from './on-box.ts';

export interface SampledLaplacianOptions extends WithinBox {
  /** Standard deviation of the Gaussian, mm. Default 3. */
  sigma?: number | string;
  /** Reach of the kernel in sigmas. Default 4 (IBSI 2). */
  cutoff?: number;
  /** Beyond the image. Default `mirror`. */
  boundary?: Boundary;
  /** Axes (0, 1, 2: i, j, k) that the filter works along. Default [0, 1, 2]; two for slice by slice. */
  axes?: readonly (0 | 1 | 2)[];
}

/**
 * Laplacian of Gaussian as IBSI 2 defines it (reference manual, 3.4; L6PA): the sampled kernel
 * Σ_d g''(x_d) Π_{e≠d} g(x_e), cut off at 4 sigma, not normalised over scales. As in IBSI's reference maps the derivative counts
 * in voxels (intensity / voxel²), which asks for isotropic voxels; elsewhere each axis counts in its own. Being a sum of three
 * separable kernels it is convolved axis by axis. Voxels are doubles.
 */
export function sampledLaplacianOfGaussian(
  volume: Volume,
  options: SampledLaplacianOptions = {},
): FilteredImage {
  const { sigma: given = 3, cutoff = 4, boundary = 'mirror', axes = [0, 1, 2] } = options;
  const { within = wholeBox(volume) } = options;
  const sigma = sigmaOf(given);
  const radius = volume.spacing.map((s, axis) =>
    axes.includes(axis as 0) ? Math.floor((cutoff * sigma) / s + 0.5) : 0,
  );
  const reach: Vector3 = [radius[0], radius[1], radius[2]];
  const padded = paddedBox(volume, within, reach, reach, boundary);
  const kernels = volume.spacing.map((s, axis) => sampled(sigma, s, radius[axis]));
  const sum = new Float64Array(sizeOfBox(within).reduce((n, m) => n * m));
  for (const along of axes) {
    let part = padded;
    for (const axis of [2, 1, 0] as const) {
      if (!axes.includes(axis)) continue;
      const { smooth, second } = kernels[axis];
      part = convolve(part, axis, axis === along ? second : smooth);
    }
    for (let i = 0; i < sum.length; i++) sum[i] += part.data[i];
  }
  return {
    name: logName(given),
    volume: onBox(volume, within, sum),
  };
}

/** g and g'' at the voxels' places; a voxel counts with its width, so that the sums stand for integrals. */
function sampled(sigma: number, spacing: number, radius: number) {
  const smooth = new Float64Array(2 * radius + 1);
  const second = new Float64Array(2 * radius + 1);
  for (let i = -radius; i <= radius; i++) {
    const x = i * spacing;
    const g = (spacing / (sigma * Math.sqrt(2 * Math.PI))) * exp(-(x * x) / (2 * sigma ** 2));
    smooth[i + radius] = g;
    second[i + radius] =
      (g * (x * x - sigma ** 2) * spacing ** 2) / (sigma * sigma * sigma * sigma);
  }
  return { smooth, second };
}
