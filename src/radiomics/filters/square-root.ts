import { geometryOf, type Volume } from '../../imaging/volume.ts';
import type { FilteredImage } from './filtered-image.ts';
import { largestMagnitude } from './largest-magnitude.ts';

/** f(x) = sign(x) √(c |x|), c = max |x|: rescaled to the image's own range (PyRadiomics `getSquareRootImage`). */
export function squareRoot(volume: Volume): FilteredImage {
  const { data } = volume;
  const scale = largestMagnitude(data, 'square root');
  const out = new Float64Array(data.length);
  for (let i = 0; i < out.length; i++) {
    const x = data[i];
    out[i] = x < 0 ? -Math.sqrt(-x * scale) : Math.sqrt(x * scale);
  }
  return { name: 'squareroot', volume: { ...geometryOf(volume), data: out } };
}
