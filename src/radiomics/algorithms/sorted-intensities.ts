import { type RegionOfInterest, regionIntensities } from '../region-of-interest.ts';

/** Below this number of values the platform's own sort is as fast. */
const few = 512;

/**
 * The region's intensities, ascending. They are spread evenly enough that as many buckets as values hold a few each,
 * which is several times faster than comparing all; each bucket is sorted on its own.
 */
export function sortedIntensities(region: RegionOfInterest): Float64Array {
  const values = regionIntensities(region);
  const n = values.length;
  if (n < few) return values.sort();
  let minimum = values[0];
  let maximum = values[0];
  for (let at = 1; at < n; at++) {
    if (values[at] < minimum) minimum = values[at];
    if (values[at] > maximum) maximum = values[at];
  }
  // A range too large or too small for the quotient gives the one bucket 0.
  const scale = n / (maximum - minimum);
  const ends = new Uint32Array(n + 1);
  for (let at = 0; at < n; at++) ends[((values[at] - minimum) * scale) | 0]++;
  for (let bucket = 0, sum = 0; bucket <= n; bucket++) {
    sum += ends[bucket];
    ends[bucket] = sum;
  }
  const sorted = new Float64Array(n);
  for (let at = 0; at < n; at++) sorted[--ends[((values[at] - minimum) * scale) | 0]] = values[at];
  // Each bucket's end has moved to its start.
  for (let bucket = 0; bucket <= n; bucket++) {
    const start = ends[bucket];
    const end = bucket < n ? ends[bucket + 1] : n;
    if (end - start > 1) sortPart(sorted, start, end);
  }
  return sorted;
}

function sortPart(values: Float64Array, start: number, end: number): void {
  let at = start + 1;
  while (at < end && values[at] >= values[at - 1]) at++;
  if (at === end) return;
  if (end - start > 24) {
    values.subarray(start, end).sort();
    return;
  }
  for (; at < end; at++) {
    const value = values[at];
    let to = at;
    for (; to > start && values[to - 1] > value; to--) values[to] = values[to - 1];
    values[to] = value;
  }
}
