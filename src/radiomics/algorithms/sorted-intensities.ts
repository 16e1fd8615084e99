import { type RegionOfInterest, regionIntensities } from '../region-of-interest.ts';
import { loopMemory } from './loop-memory.ts';

/** Below this number of values the platform's own sort is as fast. */
const few = 512;
/** A bucket that is left to that sort holds more than this (`wasm/sorted-sums.ts`). */
const shortBucket = 24;

/**
 * The region's intensities, ascending. They are spread evenly enough that as many buckets as values hold a few each,
 * which is several times faster than comparing all; each bucket is sorted on its own.
 */
export function sortedIntensities(region: RegionOfInterest): Float64Array {
  const { intensity, mask, voxels } = region;
  if (voxels < few) return regionIntensities(region).sort();
  const sizes = [
    2 * intensity.length,
    Math.ceil(mask.length / 4),
    2 * voxels,
    voxels + 1,
    2 * Math.ceil(voxels / shortBucket),
  ];
  return loopMemory(sizes, ({ loops, bytes, words, doubles }, [v, m, g, e, l]) => {
    doubles.set(intensity, v / 8);
    bytes.set(mask, m);
    loops.gather(v, m, mask.length, g);
    // Once gathered, their first place is free.
    const long = loops.sortByBuckets(g, voxels, e, v, l);
    const sorted = doubles.slice(v / 8, v / 8 + voxels);
    for (let n = 0; n < long; n++) {
      sorted.subarray(words[l / 4 + 2 * n], words[l / 4 + 2 * n + 1]).sort();
    }
    return sorted;
  });
}
