/**
 * First order statistics: values of the region, sorted by buckets, and sums over them, each in the order of the plain loops
 * (test/radiomics/algorithms/measured-plainly.ts), so that every bit is the same. See src/radiomics/algorithms/sorted-intensities.ts.
 */

/** Values of a bucket that are sorted here; longer ones that are not in order are left to the caller. */
const shortBucket: i32 = 24;

/** The values whose byte in `mask` is not 0, one after the other; gives how many. */
export function gather(values: usize, mask: usize, voxels: i32, gathered: usize): i32 {
  let to = gathered;
  for (let n: i32 = 0; n < voxels; n++) {
    if (load<u8>(mask + n) === 0) continue;
    store<f64>(to, load<f64>(values + (n << 3)));
    to += 8;
  }
  return <i32>((to - gathered) >> 3);
}

/**
 * Sorts into as many buckets as values. `ends` has `count + 1` words, `sorted` room for the values, `left` for the first and the end of each
 * bucket that is left to the caller; gives the number of those.
 */
export function sortByBuckets(
  values: usize,
  count: i32,
  ends: usize,
  sorted: usize,
  left: usize,
): i32 {
  let minimum = load<f64>(values);
  let maximum = minimum;
  const last = values + (count << 3);
  for (let at = values; at < last; at += 8) {
    const value = load<f64>(at);
    if (value < minimum) minimum = value;
    if (value > maximum) maximum = value;
  }
  // A range too large or too small for the quotient gives the one bucket 0.
  let scale = <f64>count / (maximum - minimum);
  if (!(scale < Infinity)) scale = 0;
  memory.fill(ends, 0, (count + 1) << 2);
  for (let at = values; at < last; at += 8) {
    const end = ends + (bucketOf(load<f64>(at), minimum, scale) << 2);
    store<i32>(end, load<i32>(end) + 1);
  }
  let sum: i32 = 0;
  for (let bucket: i32 = 0; bucket <= count; bucket++) {
    sum += load<i32>(ends + (bucket << 2));
    store<i32>(ends + (bucket << 2), sum);
  }
  for (let at = values; at < last; at += 8) {
    const value = load<f64>(at);
    const end = ends + (bucketOf(value, minimum, scale) << 2);
    const to = load<i32>(end) - 1;
    store<i32>(end, to);
    store<f64>(sorted + (to << 3), value);
  }
  // Each bucket's end has moved to its start.
  let long: i32 = 0;
  for (let bucket: i32 = 0; bucket <= count; bucket++) {
    const start = load<i32>(ends + (bucket << 2));
    const end = bucket < count ? load<i32>(ends + ((bucket + 1) << 2)) : count;
    if (end - start < 2) continue;
    const first = sorted + (start << 3);
    const behind = sorted + (end << 3);
    let at = first + 8;
    while (at < behind && load<f64>(at) >= load<f64>(at - 8)) at += 8;
    if (at === behind) continue;
    if (end - start > shortBucket) {
      store<i32>(left + (long << 3), start);
      store<i32>(left + (long << 3), end, 4);
      long++;
      continue;
    }
    for (; at < behind; at += 8) {
      const value = load<f64>(at);
      let to = at;
      for (; to > first && load<f64>(to - 8) > value; to -= 8) store<f64>(to, load<f64>(to - 8));
      store<f64>(to, value);
    }
  }
  return long;
}

function bucketOf(value: f64, minimum: f64, scale: f64): i32 {
  const place = (value - minimum) * scale;
  // An endless range makes the place no number.
  return place >= 0 ? <i32>place : 0;
}

export function sumOf(values: usize, count: i32): f64 {
  let sum: f64 = 0;
  const last = values + (count << 3);
  for (let at = values; at < last; at += 8) sum += load<f64>(at);
  return sum;
}

/** Sum of (value + shift)². */
export function sumOfSquares(values: usize, count: i32, shift: f64): f64 {
  let sum: f64 = 0;
  const last = values + (count << 3);
  for (let at = values; at < last; at += 8) {
    const value = load<f64>(at) + shift;
    sum += value * value;
  }
  return sum;
}

/**
 * Into `sums`: of the squares, cubes and fourth powers of the distances from the mean, of these distances' sizes, of those from the median,
 * of the values from `low` to `high`, how many these are, and the sizes of their distances from their own mean.
 */
export function sumDeviations(
  values: usize,
  count: i32,
  mean: f64,
  median: f64,
  low: f64,
  high: f64,
  sums: usize,
): void {
  let m2: f64 = 0;
  let m3: f64 = 0;
  let m4: f64 = 0;
  let absolute: f64 = 0;
  let fromMedian: f64 = 0;
  let robustSum: f64 = 0;
  let robustCount: f64 = 0;
  const last = values + (count << 3);
  for (let at = values; at < last; at += 8) {
    const value = load<f64>(at);
    const apart = value - mean;
    const squared = apart * apart;
    m2 += squared;
    m3 += squared * apart;
    m4 += squared * squared;
    absolute += abs(apart);
    fromMedian += abs(value - median);
    if (value >= low && value <= high) {
      robustSum += value;
      robustCount += 1;
    }
  }
  const robustMean = robustSum / robustCount;
  let robust: f64 = 0;
  for (let at = values; at < last; at += 8) {
    const value = load<f64>(at);
    if (value >= low && value <= high) robust += abs(value - robustMean);
  }
  store<f64>(sums, m2);
  store<f64>(sums, m3, 8);
  store<f64>(sums, m4, 16);
  store<f64>(sums, absolute, 24);
  store<f64>(sums, fromMedian, 32);
  store<f64>(sums, robustCount, 40);
  store<f64>(sums, robust, 48);
}
