/** Passes over a region's box before anything is measured: see src/radiomics/algorithms/region-passes.ts. */

/** Makes bytes that are not 0 to 1 and counts them. */
export function countInside(mask: usize, voxels: i32): i32 {
  const none = i8x16.splat(0);
  const one = i8x16.splat(1);
  let count: i32 = 0;
  let n: i32 = 0;
  for (; n + 16 <= voxels; n += 16) {
    const inside = i8x16.ne(v128.load(mask + n), none);
    count += popcnt(i8x16.bitmask(inside));
    v128.store(mask + n, v128.and(inside, one));
  }
  for (; n < voxels; n++) {
    const inside: i32 = load<u8>(mask + n) !== 0 ? 1 : 0;
    count += inside;
    store<u8>(mask + n, inside);
  }
  return count;
}

/** How many values of the region are NaN or infinite. */
export function countNotFinite(values: usize, mask: usize, voxels: i32): i32 {
  let count: i32 = 0;
  for (let n: i32 = 0; n < voxels; n++) {
    if (load<u8>(mask + n) === 0) continue;
    const value = load<f64>(values + (n << 3));
    if (!(value - value === 0)) count++;
  }
  return count;
}

/** Least and largest value of the region, into two doubles; +∞ and -∞ where it is empty. */
export function rangeInside(values: usize, mask: usize, voxels: i32, range: usize): void {
  let minimum: f64 = Infinity;
  let maximum: f64 = -Infinity;
  for (let n: i32 = 0; n < voxels; n++) {
    if (load<u8>(mask + n) === 0) continue;
    const value = load<f64>(values + (n << 3));
    if (value < minimum) minimum = value;
    if (value > maximum) maximum = value;
  }
  store<f64>(range, minimum);
  store<f64>(range, maximum, 8);
}

/**
 * The bin of each value of the region, counted from 1; 0 outside. `edges` are `bins + 1` ascending numbers, `counted` the voxels of each level,
 * set to 0 by the caller. Gives the highest level.
 */
export function binLevels(
  values: usize,
  mask: usize,
  voxels: i32,
  edges: usize,
  bins: i32,
  levels: usize,
  counted: usize,
): i32 {
  const low = load<f64>(edges);
  const scale = <f64>bins / (load<f64>(edges + (bins << 3)) - low);
  const last = <f64>(bins - 1);
  let highest: i32 = 0;
  for (let n: i32 = 0; n < voxels; n++) {
    let level: i32 = 0;
    if (load<u8>(mask + n) !== 0) {
      const value = load<f64>(values + (n << 3));
      // An estimate, corrected by comparing with the bin edges as numpy.digitize does.
      const place = (value - low) * scale;
      level = place > 0 ? <i32>min<f64>(place, last) : 0;
      while (level > 0 && value < load<f64>(edges + (level << 3))) level--;
      while (level < bins - 1 && value >= load<f64>(edges + ((level + 1) << 3))) level++;
      level++;
      const at = counted + (level << 2);
      store<i32>(at, load<i32>(at) + 1);
      if (level > highest) highest = level;
    }
    store<i32>(levels + (n << 2), level);
  }
  return highest;
}

/** Ranks of the levels of a box, on a grid with an empty border whose first voxel of the box is at `ranks`. Steps in words. */
export function placeRanks(
  levels: usize,
  rankOf: usize,
  nx: i32,
  ny: i32,
  nz: i32,
  rowStep: i32,
  sliceStep: i32,
  ranks: usize,
): void {
  let at = levels;
  for (let k: i32 = 0; k < nz; k++) {
    for (let j: i32 = 0; j < ny; j++) {
      let to = ranks + ((j * rowStep + k * sliceStep) << 2);
      for (let i: i32 = 0; i < nx; i++, at += 4, to += 4) {
        store<i32>(to, load<i32>(rankOf + (load<i32>(at) << 2)));
      }
    }
  }
}
