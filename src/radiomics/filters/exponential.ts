import { crop } from '../../imaging/crop.ts';
import { geometryOf, type Volume } from '../../imaging/volume.ts';
import { exp, log } from '../../runtime/elementary.ts';
import { wholeBox } from './boundary.ts';
import type { FilteredImage, WithinBox } from './filtered-image.ts';
import { largestMagnitude } from './largest-magnitude.ts';

/** f(x) = exp(c x), c = ln(max |x|) / max |x|: max |x| keeps its value (PyRadiomics `getExponentialImage`). */
export function exponential(
  volume: Volume,
  { within = wholeBox(volume) }: WithinBox = {},
): FilteredImage {
  const part = crop(volume, within);
  const { data } = part;
  const largest = largestMagnitude(volume.data, 'exponential');
  const scale = log(largest) / largest;
  const out = new Float64Array(data.length);
  for (let i = 0; i < out.length; i++) out[i] = exp(scale * data[i]);
  return { name: 'exponential', volume: { ...geometryOf(part), data: out } };
}
