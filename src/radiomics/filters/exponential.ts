import { geometryOf, type Volume } from '../../imaging/volume.ts';
import type { FilteredImage } from './filtered-image.ts';
import { largestMagnitude } from './largest-magnitude.ts';

/** f(x) = exp(c x), c = ln(max |x|) / max |x|: max |x| keeps its value (PyRadiomics `getExponentialImage`). */
export function exponential(volume: Volume): FilteredImage {
  const { data } = volume;
  const largest = largestMagnitude(data, 'exponential');
  const scale = Math.log(largest) / largest;
  const out = new Float64Array(data.length);
  for (let i = 0; i < out.length; i++) out[i] = Math.exp(scale * data[i]);
  return { name: 'exponential', volume: { ...geometryOf(volume), data: out } };
}
