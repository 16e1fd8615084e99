import { geometryOf, type Volume } from '../../imaging/volume.ts';
import type { FilteredImage } from './filtered-image.ts';

export interface GradientOptions {
  /** Intensity a millimetre; false: a voxel. Default true. */
  useSpacing?: boolean;
}

/**
 * Gradient magnitude by central differences, border voxels repeated: ITK's GradientMagnitudeImageFilter as PyRadiomics calls
 * it. Computed in double precision, held in float32.
 */
export function gradient(
  volume: Volume,
  { useSpacing = true }: GradientOptions = {},
): FilteredImage {
  const { data, size, spacing } = volume;
  const [nx, ny, nz] = size;
  const [hx, hy, hz] = spacing.map((s) => 0.5 / (useSpacing ? s : 1));
  const out = new Float32Array(nx * ny * nz);
  const plane = nx * ny;
  for (let k = 0; k < nz; k++) {
    const zBack = k > 0 ? -plane : 0;
    const zOn = k < nz - 1 ? plane : 0;
    for (let j = 0; j < ny; j++) {
      const yBack = j > 0 ? -nx : 0;
      const yOn = j < ny - 1 ? nx : 0;
      const row = nx * (j + ny * k);
      for (let i = 0; i < nx; i++) {
        const at = row + i;
        const dx = data[i < nx - 1 ? at + 1 : at] * hx - data[i > 0 ? at - 1 : at] * hx;
        const dy = data[at + yOn] * hy - data[at + yBack] * hy;
        const dz = data[at + zOn] * hz - data[at + zBack] * hz;
        out[at] = Math.sqrt(dx * dx + dy * dy + dz * dz);
      }
    }
  }
  return { name: 'gradient', volume: { ...geometryOf(volume), data: out } };
}
