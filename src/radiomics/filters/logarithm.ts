import { crop } from '../../imaging/crop.ts';
import { geometryOf, type Volume } from '../../imaging/volume.ts';
import { log } from '../../runtime/elementary.ts';
import { wholeBox } from './boundary.ts';
import type { FilteredImage, WithinBox } from './filtered-image.ts';
import { largestMagnitude } from './largest-magnitude.ts';

/** f(x) = c sign(x) ln(|x| + 1), c = max |x| / ln(max |x| + 1) (PyRadiomics `getLogarithmImage`). */
export function logarithm(
  volume: Volume,
  { within = wholeBox(volume) }: WithinBox = {},
): FilteredImage {
  const part = crop(volume, within);
  const { data } = part;
  const largest = largestMagnitude(volume.data, 'logarithm');
  const scale = largest / log(largest + 1);
  const out = new Float64Array(data.length);
  for (let i = 0; i < out.length; i++) {
    const x = data[i];
    out[i] = (x < 0 ? -log(-x + 1) : log(x + 1)) * scale;
  }
  return { name: 'logarithm', volume: { ...geometryOf(part), data: out } };
}
