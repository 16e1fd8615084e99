/**
 * The counting loops of texture classes, four voxels at a time. AssemblyScript: `npm run build:wasm` compiles it
 * to WebAssembly; src/radiomics/algorithms/texture-loops.ts calls it.
 *
 * A grid is a line of 32-bit words, x fastest, with an empty border: 0 outside the region, else the rank of the voxel's level (or the level
 * itself). Loops run along the whole line: what is 0 is not counted, and no step from a voxel of the region leaves the line. Callers lay out
 * the memory, with four words behind each grid that are 0. All pointers are in bytes, all steps in words.
 */

export { coOccurrenceCells, coOccurrenceMoments, correlationMatrix } from './co-occurrence';
export {
  columnsOfSizes,
  countMoments,
  countSizes,
  countSums,
  filledEntries,
  largestOf,
  pairsOfLevels,
} from './count-sums';
export { farthestPair, planeHulls } from './far-points';
export { lineEnds, sumPlaces, tallyCubes } from './form-loops';
export { takeLogarithms } from './probability-logarithms';
export {
  binLevels,
  countInside,
  countNotFinite,
  placeRanks,
  rangeInside,
} from './region-passes';
export { gather, sortByBuckets, sumDeviations, sumOf, sumOfSquares } from './sorted-sums';
export { implicitQL, tridiagonalise } from './tridiagonal';

/** levels[n] = grey[ranks[n]]. */
export function levelsOfRanks(ranks: usize, words: i32, grey: usize, levels: usize): void {
  for (let n: i32 = 0; n < words; n++) {
    store<i32>(levels + (n << 2), load<i32>(grey + (load<i32>(ranks + (n << 2)) << 2)));
  }
}

/**
 * GLDM: counts[rank * columns + neighbours at `steps` whose value differs from the voxel's by at most `cutoff`]; row 0 takes what lies outside.
 */
export function dependences(
  values: usize,
  ranks: usize,
  from: i32,
  to: i32,
  steps: usize,
  stepCount: i32,
  cutoff: i32,
  columns: i32,
  counts: usize,
): void {
  const none = i32x4.splat(0);
  const most = i32x4.splat(cutoff);
  const width = i32x4.splat(columns);
  const end = steps + (stepCount << 2);
  for (let n = from; n < to; n += 4) {
    const here = values + (n << 2);
    const value = v128.load(here);
    if (!v128.any_true(value)) continue;
    let found = none;
    if (cutoff === 0) {
      for (let s = steps; s < end; s += 4) {
        // A comparison gives -1 where it holds.
        found = i32x4.sub(found, i32x4.eq(v128.load(here + (load<i32>(s) << 2)), value));
      }
    } else {
      for (let s = steps; s < end; s += 4) {
        const other = v128.load(here + (load<i32>(s) << 2));
        const near = i32x4.le_s(i32x4.abs(i32x4.sub(other, value)), most);
        found = i32x4.sub(found, v128.and(near, i32x4.ne(other, none)));
      }
    }
    const rank = v128.load(ranks + (n << 2));
    addOne(counts, i32x4.extract_lane(i32x4.add(i32x4.mul(rank, width), found), 0));
    addOne(counts, i32x4.extract_lane(i32x4.add(i32x4.mul(rank, width), found), 1));
    addOne(counts, i32x4.extract_lane(i32x4.add(i32x4.mul(rank, width), found), 2));
    addOne(counts, i32x4.extract_lane(i32x4.add(i32x4.mul(rank, width), found), 3));
  }
}

/**
 * NGTDM: by rank, voxels with a neighbour at `steps` and their summed |level - mean level of those neighbours|, added up in scan order.
 */
export function toneDifferences(
  levels: usize,
  ranks: usize,
  from: i32,
  to: i32,
  steps: usize,
  stepCount: i32,
  counts: usize,
  differences: usize,
): void {
  const none = i32x4.splat(0);
  const end = steps + (stepCount << 2);
  for (let n = from; n < to; n += 4) {
    const here = levels + (n << 2);
    const level = v128.load(here);
    if (!v128.any_true(level)) continue;
    let sum = none;
    let outside = none;
    for (let s = steps; s < end; s += 4) {
      const other = v128.load(here + (load<i32>(s) << 2));
      sum = i32x4.add(sum, other);
      outside = i32x4.add(outside, i32x4.eq(other, none));
    }
    const known = i32x4.add(outside, i32x4.splat(stepCount));
    const rank = v128.load(ranks + (n << 2));
    addDifference(
      counts,
      differences,
      i32x4.extract_lane(rank, 0),
      i32x4.extract_lane(level, 0),
      i32x4.extract_lane(sum, 0),
      i32x4.extract_lane(known, 0),
    );
    addDifference(
      counts,
      differences,
      i32x4.extract_lane(rank, 1),
      i32x4.extract_lane(level, 1),
      i32x4.extract_lane(sum, 1),
      i32x4.extract_lane(known, 1),
    );
    addDifference(
      counts,
      differences,
      i32x4.extract_lane(rank, 2),
      i32x4.extract_lane(level, 2),
      i32x4.extract_lane(sum, 2),
      i32x4.extract_lane(known, 2),
    );
    addDifference(
      counts,
      differences,
      i32x4.extract_lane(rank, 3),
      i32x4.extract_lane(level, 3),
      i32x4.extract_lane(sum, 3),
      i32x4.extract_lane(known, 3),
    );
  }
}

function addDifference(
  counts: usize,
  differences: usize,
  rank: i32,
  level: i32,
  sum: i32,
  known: i32,
): void {
  if (rank === 0 || known === 0) return;
  addOne(counts, rank);
  const at = differences + (rank << 3);
  store<f64>(at, load<f64>(at) + abs<f64>(<f64>level - <f64>sum / <f64>known));
}

/**
 * GLCM of one direction: pairs (rank here, rank at `step`) in `even` and `odd`, tables of `columns` × `columns`, which take voxels in turn:
 * adding one to a cell that was just written waits for that write.
 */
export function pairs(
  ranks: usize,
  from: i32,
  to: i32,
  step: i32,
  columns: i32,
  even: usize,
  odd: usize,
): void {
  const width = i32x4.splat(columns);
  for (let n = from; n < to; n += 4) {
    const here = ranks + (n << 2);
    const rank = v128.load(here);
    if (!v128.any_true(rank)) continue;
    const cell = i32x4.add(i32x4.mul(rank, width), v128.load(here + (step << 2)));
    addOne(even, i32x4.extract_lane(cell, 0));
    addOne(odd, i32x4.extract_lane(cell, 1));
    addOne(even, i32x4.extract_lane(cell, 2));
    addOne(odd, i32x4.extract_lane(cell, 3));
  }
}

/**
 * The matrix of the levels alone (`levels` × `levels` doubles), from tables of one row and one column more; plus its transpose where
 * `symmetrical` is not 0. Gives 0 where it counts no pair.
 */
export function pairMatrix(
  even: usize,
  odd: usize,
  levels: i32,
  symmetrical: i32,
  counts: usize,
): i32 {
  memory.fill(counts, 0, (levels * levels) << 3);
  let some: i32 = 0;
  for (let i: i32 = 0; i < levels; i++) {
    for (let j: i32 = 0; j < levels; j++) {
      const from = ((i + 1) * (levels + 1) + 1 + j) << 2;
      const n = load<i32>(even + from) + load<i32>(odd + from);
      if (n === 0) continue;
      some = 1;
      const here = counts + ((i * levels + j) << 3);
      store<f64>(here, load<f64>(here) + <f64>n);
      if (symmetrical === 0) continue;
      const across = counts + ((j * levels + i) << 3);
      store<f64>(across, load<f64>(across) + <f64>n);
    }
  }
  return some;
}

/**
 * GLRLM of one direction: voxels by rank and place in their run, in `even` and `odd` of `columns` columns (column 0 stays empty). `places` is
 * a grid for the place of each voxel.
 */
export function runPlaces(
  ranks: usize,
  places: usize,
  from: i32,
  to: i32,
  step: i32,
  columns: i32,
  even: usize,
  odd: usize,
): void {
  const back = step << 2;
  if (step < 4) {
    for (let n = from; n < to; n++) {
      const here = ranks + (n << 2);
      const rank = load<i32>(here);
      if (rank === 0) continue;
      const at = places + (n << 2);
      const place = load<i32>(here - back) === rank ? load<i32>(at - back) + 1 : 1;
      store<i32>(at, place);
      addOne((n & 1) === 0 ? even : odd, rank * columns + place);
    }
    return;
  }
  const one = i32x4.splat(1);
  const width = i32x4.splat(columns);
  for (let n = from; n < to; n += 4) {
    const here = ranks + (n << 2);
    const rank = v128.load(here);
    if (!v128.any_true(rank)) continue;
    const at = places + (n << 2);
    const same = i32x4.eq(v128.load(here - back), rank);
    const place = i32x4.add(v128.and(v128.load(at - back), same), one);
    v128.store(at, place);
    // Outside the region all is empty too: its places are those of row 0, and kept below `columns`.
    const cell = v128.and(i32x4.add(i32x4.mul(rank, width), place), i32x4.ne(rank, i32x4.splat(0)));
    addOne(even, i32x4.extract_lane(cell, 0));
    addOne(odd, i32x4.extract_lane(cell, 1));
    addOne(even, i32x4.extract_lane(cell, 2));
    addOne(odd, i32x4.extract_lane(cell, 3));
  }
}

/**
 * Runs by level and length, `rows` × `columns` doubles, from tables of one row and one column more: as many voxels have place n in their run
 * as runs reach length n. Gives the longest run.
 */
export function runsOfPlaces(even: usize, odd: usize, rows: i32, columns: i32, counts: usize): i32 {
  let longest: i32 = 0;
  for (let row: i32 = 0; row < rows; row++) {
    let beyond: i32 = 0;
    for (let n = columns; n > 0; n--) {
      const from = ((row + 1) * (columns + 1) + n) << 2;
      const reach = load<i32>(even + from) + load<i32>(odd + from);
      if (reach > 0 && n > longest) longest = n;
      store<f64>(counts + ((row * columns + n - 1) << 3), <f64>(reach - beyond));
      beyond = reach;
    }
  }
  return longest;
}

function addOne(table: usize, cell: i32): void {
  const at = table + (cell << 2);
  store<i32>(at, load<i32>(at) + 1);
}

/**
 * GLSZM: zones, voxels of one rank that are linked by `steps` (each pair of opposite steps once, all of them forward). Writes 1 + the zone's
 * number over the ranks, and rank and size of each zone in the order of its first voxel; gives the number of zones. `parents` is a grid for
 * the links of voxels to earlier ones of their zone.
 */
export function zones(
  ranks: usize,
  parents: usize,
  from: i32,
  to: i32,
  steps: usize,
  stepCount: i32,
  zoneRanks: usize,
  zoneSizes: usize,
): i32 {
  const none = i32x4.splat(0);
  for (let n = from; n < to; n += 4) {
    const here = ranks + (n << 2);
    const rank = v128.load(here);
    if (!v128.any_true(rank)) continue;
    const inside = i32x4.ne(rank, none);
    // Four bits a step: which of the four voxels are linked to the one behind. There are at most 13 steps.
    let linked: u64 = 0;
    for (let s = 0; s < stepCount; s++) {
      const back = load<i32>(steps + (s << 2)) << 2;
      const same = v128.and(i32x4.eq(v128.load(here - back), rank), inside);
      linked |= (<u64>i32x4.bitmask(same)) << (s << 2);
    }
    for (let lane = 0; lane < 4; lane++) {
      const voxel = n + lane;
      // The first voxel of a zone is its root. None is linked to this voxel yet.
      let first = voxel;
      let left = (linked >> lane) & 0x1111111111111;
      for (; left !== 0; left &= left - 1) {
        const step = load<i32>(steps + ((<i32>ctz(left) >> 2) << 2));
        const parent = load<i32>(parents + ((voxel - step) << 2));
        if (parent === first) continue;
        const other = root(parents, parent);
        if (other < first) {
          store<i32>(parents + (first << 2), other);
          first = other;
        } else {
          store<i32>(parents + (other << 2), first);
        }
      }
      store<i32>(parents + (voxel << 2), first);
    }
  }
  let count: i32 = 0;
  for (let n = from; n < to; n++) {
    const at = ranks + (n << 2);
    const rank = load<i32>(at);
    if (rank === 0) continue;
    const parent = load<i32>(parents + (n << 2));
    if (parent === n) {
      store<i32>(zoneRanks + (count << 2), rank);
      store<i32>(zoneSizes + (count << 2), 1);
      store<i32>(at, ++count);
    } else {
      // An earlier voxel, whose rank is written over already.
      const zone = load<i32>(ranks + (parent << 2));
      store<i32>(at, zone);
      addOne(zoneSizes, zone - 1);
    }
  }
  return count;
}

/** The first voxel of a zone, as far as it is joined. Each look-up halves the way. */
function root(parents: usize, start: i32): i32 {
  let voxel = start;
  let parent = load<i32>(parents + (voxel << 2));
  while (parent !== voxel) {
    const next = load<i32>(parents + (parent << 2));
    store<i32>(parents + (voxel << 2), next);
    voxel = next;
    parent = load<i32>(parents + (voxel << 2));
  }
  return voxel;
}
