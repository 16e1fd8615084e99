import { crop } from '../../imaging/crop.ts';
import { geometryOf, type Volume } from '../../imaging/volume.ts';
import { wholeBox } from './boundary.ts';
import type { FilteredImage, WithinBox } from './filtered-image.ts';
import { largestMagnitude } from './largest-magnitude.ts';

/** f(x) = sign(x) √(c |x|), c = max |x|: rescaled to the image's own range (PyRadiomics `getSquareRootImage`). */
export function squareRoot(
  volume: Volume,
  { within = wholeBox(volume) }: WithinBox = {},
): FilteredImage {
  const part = crop(volume, within);
  const { data } = part;
  const scale = largestMagnitude(volume.data, 'square root');
  const out = new Float64Array(data.length);
  for (let i = 0; i < out.length; i++) {
    const x = data[i];
    out[i] = x < 0 ? -Math.sqrt(-x * scale) : Math.sqrt(x * scale);
  }
  return { name: 'squareroot', volume: { ...geometryOf(part), data: out } };
}
