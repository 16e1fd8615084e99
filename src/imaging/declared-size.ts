import { NacreError } from '../runtime/errors.ts';
import type { Vector3 } from './volume.ts';

/** No scan of a patient is larger than this many voxels (2 048 × 2 048 × 500 or so); a header that declares more is damaged. */
export const largestVolume = 2 ** 31 - 1;

/**
 * The three sizes of a volume out of a header's list, checked before anything is allocated.
 * Trailing axes of length 1 are dropped; a true fourth axis is refused with what to do.
 *
 * @throws NacreError `bad-size`, `four-dimensional`
 */
export function declaredSize(axes: readonly number[], file: string): Vector3 {
  const shown = axes.join('×');
  const significant = [...axes];
  while (significant.length > 3 && significant.at(-1) === 1) significant.pop();
  if (significant.length > 3) {
    throw new NacreError('four-dimensional', 'the image has more than three dimensions', {
      file,
      found: shown,
      expected: 'one volume of nx×ny×nz',
      todo: 'extract one time point or channel into a file of its own',
    });
  }
  while (significant.length < 3) significant.push(1);
  const [nx, ny, nz] = significant;
  const fits = significant.every((n) => Number.isInteger(n) && n >= 1);
  if (!fits || nx * ny * nz > largestVolume) {
    throw new NacreError('bad-size', 'the header declares an impossible size', {
      file,
      found: shown || 'no axes',
      expected: `whole numbers of at least 1, at most ${largestVolume} voxels in all`,
      todo: 'check that the file is whole',
    });
  }
  return [nx, ny, nz];
}
