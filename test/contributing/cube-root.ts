import { crop } from '../../src/imaging/crop.ts';
import { geometryOf, type Volume } from '../../src/imaging/volume.ts';
import { wholeBox } from '../../src/radiomics/filters/boundary.ts';
import type { FilteredImage, WithinBox } from '../../src/radiomics/filters/filtered-image.ts';
import { cbrt } from '../../src/runtime/elementary.ts';

/** f(x) = ∛x: brings large intensities closer together and keeps the sign. */
export function cubeRoot(
  volume: Volume,
  { within = wholeBox(volume) }: WithinBox = {},
): FilteredImage {
  const part = crop(volume, within);
  const out = new Float64Array(part.data.length);
  for (let i = 0; i < out.length; i++) out[i] = cbrt(part.data[i]);
  return { name: 'cuberoot', volume: { ...geometryOf(part), data: out } };
}
