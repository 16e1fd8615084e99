import { crop } from '../../imaging/crop.ts';
import { geometryOf, type Volume } from '../../imaging/volume.ts';
import { wholeBox } from './boundary.ts';
import type { FilteredImage, WithinBox } from './filtered-image.ts';
import { largestMagnitude } from './largest-magnitude.ts';

/** f(x) = (c x)², c = 1 / √max |x|: the square, rescaled to the image's own range (PyRadiomics `getSquareImage`). */
export function square(
  volume: Volume,
  { within = wholeBox(volume) }: WithinBox = {},
): FilteredImage {
  const part = crop(volume, within);
  const { data } = part;
  const scale = 1 / Math.sqrt(largestMagnitude(volume.data, 'square'));
  const out = new Float64Array(data.length);
  for (let i = 0; i < out.length; i++) {
    const x = scale * data[i];
    out[i] = x * x;
  }
  return { name: 'square', volume: { ...geometryOf(part), data: out } };
}
