import { sizeOfBox } from '../../imaging/crop.ts';
import type { Volume } from '../../imaging/volume.ts';
import { wholeBox } from './boundary.ts';
import type { FilteredImage, WithinBox } from './filtered-image.ts';
import { onBox } from './on-box.ts';

export interface GradientOptions extends WithinBox {
  /** Intensity per millimetre; false: per voxel. Default true. */
  useSpacing?: boolean;
}

/**
 * Gradient magnitude by central differences, border voxels repeated: ITK's GradientMagnitudeImageFilter as PyRadiomics calls
 * it. Computed in double precision, held in float32.
 */
export function gradient(
  volume: Volume,
  { useSpacing = true, within = wholeBox(volume) }: GradientOptions = {},
): FilteredImage {
  const { data, size, spacing } = volume;
  const [nx, ny, nz] = size;
  const [hx, hy, hz] = spacing.map((s) => 0.5 / (useSpacing ? s : 1));
  const wanted = sizeOfBox(within);
  const out = new Float32Array(wanted[0] * wanted[1] * wanted[2]);
  const [x0, y0, z0] = within.low;
  const [x1, y1, z1] = within.high;
  let to = 0;
  const plane = nx * ny;
  for (let k = z0; k <= z1; k++) {
    const zBack = k > 0 ? -plane : 0;
    const zOn = k < nz - 1 ? plane : 0;
    for (let j = y0; j <= y1; j++) {
      const yBack = j > 0 ? -nx : 0;
      const yOn = j < ny - 1 ? nx : 0;
      const row = nx * (j + ny * k);
      for (let i = x0; i <= x1; i++) {
        const at = row + i;
        const dx = data[i < nx - 1 ? at + 1 : at] * hx - data[i > 0 ? at - 1 : at] * hx;
        const dy = data[at + yOn] * hy - data[at + yBack] * hy;
        const dz = data[at + zOn] * hz - data[at + zBack] * hz;
        out[to++] = Math.sqrt(dx * dx + dy * dy + dz * dz);
      }
    }
  }
  return { name: 'gradient', volume: onBox(volume, within, out) };
}
