import { type RegionOfInterest, regionIntensities } from '../region-of-interest.ts';

/** Whole numbers are counted where their range is at most this many times their number. */
const widest = 4;

/**
 * The region's intensities, ascending. Scanners give whole numbers of a narrow range: these are counted, which is
 * several times faster than sorting them.
 */
export function sortedIntensities(region: RegionOfInterest): Float64Array {
  const values = regionIntensities(region);
  let minimum = values[0];
  let maximum = values[0];
  let whole = true;
  for (let at = 0; at < values.length; at++) {
    const value = values[at];
    if (value < minimum) minimum = value;
    if (value > maximum) maximum = value;
    if (value !== Math.floor(value)) whole = false;
  }
  if (!whole || maximum - minimum > widest * values.length) return values.sort();
  const counts = new Uint32Array(maximum - minimum + 1);
  for (let at = 0; at < values.length; at++) counts[values[at] - minimum]++;
  for (let n = 0, at = 0; n < counts.length; n++) {
    const end = at + counts[n];
    if (end > at) values.fill(minimum + n, at, end);
    at = end;
  }
  return values;
}
