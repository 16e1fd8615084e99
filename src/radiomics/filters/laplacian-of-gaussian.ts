import { sizeOfBox } from '../../imaging/crop.ts';
import type { Volume } from '../../imaging/volume.ts';
import { NacreError } from '../../runtime/errors.ts';
import { requireSize, wholeBox } from './boundary.ts';
import type { FilteredImage, WithinBox } from './filtered-image.ts';
import { onBox } from './on-box.ts';
import { recursiveGaussian } from './recursive-gaussian.ts';
import { filterAxis } from './recursive-pass.ts';

export interface LaplacianOfGaussianOptions extends WithinBox {
  /** Standard deviation of the Gaussian, mm. Default 3. A text keeps its spelling in the image's name. */
  sigma?: number | string;
  /** Multiply by sigma² so that scales compare, as PyRadiomics does. Default true. */
  normalise?: boolean;
}

/**
 * Laplacian of Gaussian as PyRadiomics has it: ITK's LaplacianRecursiveGaussianImageFilter, Deriche's recursion in double
 * precision per line, with images held in float32 between the passes, border values repeated without end. The response is float32.
 *
 * @throws NacreError `image-too-small` below 4 voxels an axis or below sigma / spacing + 1; `bad-option`
 */
export function laplacianOfGaussian(
  volume: Volume,
  options: LaplacianOfGaussianOptions = {},
): FilteredImage {
  const { sigma: given = 3, normalise = true, within = wholeBox(volume) } = options;
  const sigma = sigmaOf(given);
  const { spacing, size } = volume;
  const least = spacing.map((s) => Math.max(4, Math.ceil(sigma / s) + 1));
  requireSize(size, [least[0], least[1], least[2]], `a Laplacian of Gaussian of ${sigma} mm`);
  const wanted = sizeOfBox(within);
  const total = new Float32Array(wanted[0] * wanted[1] * wanted[2]);
  for (const along of [0, 1, 2] as const) {
    const [second, third] = ([0, 1, 2] as const).filter((axis) => axis !== along);
    const filter = (axis: 0 | 1 | 2) =>
      recursiveGaussian(sigma, spacing[axis], axis === along ? 2 : 0, normalise);
    const derived = filterAxis(volume, along, filter(along), within);
    const smoothed = filterAxis(derived, second, filter(second), within);
    const scale = 1 / (spacing[along] * spacing[along]);
    filterAxis(smoothed, third, filter(third), within, { data: total, scale });
  }
  return {
    name: logName(given),
    volume: onBox(volume, within, total),
  };
}

/** PyRadiomics' name: Python's spelling of sigma with the point as a dash; 3 is `3-0`, the text '3' stays `3`. */
export function logName(sigma: number | string): string {
  const spelt =
    typeof sigma === 'string' ? sigma : Number.isInteger(sigma) ? `${sigma}.0` : `${sigma}`;
  return `log-sigma-${spelt.replace('.', '-')}-mm-3D`;
}

export function sigmaOf(given: number | string): number {
  const sigma = Number(given);
  if (Number.isFinite(sigma) && sigma > 0) return sigma;
  throw new NacreError('bad-option', 'sigma is not a width', {
    found: `${given}`,
    expected: 'millimetres above 0',
  });
}
