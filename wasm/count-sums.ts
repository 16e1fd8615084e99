/**
 * Matrices of counts of (grey level, size) without their zeros, and sums over them, each in the order of the plain loops
 * (test/radiomics/algorithms/counts-plainly.ts), so that every bit is the same. Logarithms are the caller's. See
 * src/radiomics/algorithms/count-matrix.ts.
 */

function at(numbers: usize, n: i32): f64 {
  return load<f64>(numbers + (n << 3));
}

/**
 * Entries that are not 0 of a matrix of `rows` × `columns` doubles: level (`grey` by row), size (`sizes` by column) and count. Gives how many.
 */
export function filledEntries(
  counts: usize,
  rows: i32,
  columns: i32,
  grey: usize,
  sizes: usize,
  i: usize,
  j: usize,
  count: usize,
): i32 {
  let to: i32 = 0;
  let from = counts;
  for (let row: i32 = 0; row < rows; row++) {
    for (let column: i32 = 0; column < columns; column++, from += 8) {
      const n = load<f64>(from);
      if (n === 0) continue;
      store<f64>(i + (to << 3), at(grey, row));
      store<f64>(j + (to << 3), at(sizes, column));
      store<f64>(count + (to << 3), n);
      to++;
    }
  }
  return to;
}

export function largestOf(words: usize, count: i32): i32 {
  let largest: i32 = 0;
  for (let n: i32 = 0; n < count; n++) largest = max<i32>(largest, load<i32>(words + (n << 2)));
  return largest;
}

/** Into `columnOf`, by size from 0 to `largest`: its place among the sizes that occur, from 1 on; 0 where it does not. Gives how many occur. */
export function columnsOfSizes(sizes: usize, count: i32, largest: i32, columnOf: usize): i32 {
  memory.fill(columnOf, 0, (largest + 1) << 2);
  for (let n: i32 = 0; n < count; n++) {
    store<i32>(columnOf + (load<i32>(sizes + (n << 2)) << 2), 1);
  }
  let columns: i32 = 0;
  for (let size: i32 = 0; size <= largest; size++) {
    const column = columnOf + (size << 2);
    if (load<i32>(column) !== 0) store<i32>(column, ++columns);
  }
  return columns;
}

/** Counts pairs of a rank (from 1) and a size into a matrix of doubles, a column a size that occurs; into `found` these sizes. */
export function countSizes(
  ranks: usize,
  sizes: usize,
  count: i32,
  rows: i32,
  columns: i32,
  columnOf: usize,
  found: usize,
  counts: usize,
): void {
  memory.fill(counts, 0, (rows * columns) << 3);
  for (let n: i32 = 0; n < count; n++) {
    const size = load<i32>(sizes + (n << 2));
    const column = load<i32>(columnOf + (size << 2)) - 1;
    store<f64>(found + (column << 3), <f64>size);
    const cell = counts + (((load<i32>(ranks + (n << 2)) - 1) * columns + column) << 3);
    store<f64>(cell, load<f64>(cell) + 1);
  }
}

/**
 * First sums over entries, which come in rows of one level. Into `out`: total, Σ n j, Σ n / j², Σ n j², Σ n / i², Σ n i², Σ n / (i² j²),
 * Σ n i² / j², Σ n j² / i², Σ n i² j², Σ of the squares of rows, Σ n i, largest size; into `p` each entry's share.
 */
export function countSums(
  i: usize,
  j: usize,
  count: usize,
  entries: i32,
  p: usize,
  out: usize,
): void {
  let total: f64 = 0;
  let ofSize: f64 = 0;
  let small: f64 = 0;
  let large: f64 = 0;
  let low: f64 = 0;
  let high: f64 = 0;
  let smallLow: f64 = 0;
  let smallHigh: f64 = 0;
  let largeLow: f64 = 0;
  let largeHigh: f64 = 0;
  let rowSquares: f64 = 0;
  let ofGrey: f64 = 0;
  let largest: f64 = 0;
  let row: f64 = 0;
  let level: f64 = 0;
  for (let entry: i32 = 0; entry < entries; entry++) {
    const n = at(count, entry);
    const grey = at(i, entry);
    const size = at(j, entry);
    const g2 = grey * grey;
    const s2 = size * size;
    total += n;
    ofSize += n * size;
    ofGrey += n * grey;
    small += n / s2;
    large += n * s2;
    low += n / g2;
    high += n * g2;
    smallLow += n / (g2 * s2);
    smallHigh += (n * g2) / s2;
    largeLow += (n * s2) / g2;
    largeHigh += n * g2 * s2;
    if (grey !== level) {
      rowSquares += row * row;
      row = 0;
      level = grey;
    }
    row += n;
    if (size > largest) largest = size;
  }
  rowSquares += row * row;
  for (let entry: i32 = 0; entry < entries; entry++) {
    store<f64>(p + (entry << 3), at(count, entry) / total);
  }
  store<f64>(out, total);
  store<f64>(out, ofSize, 8);
  store<f64>(out, small, 16);
  store<f64>(out, large, 24);
  store<f64>(out, low, 32);
  store<f64>(out, high, 40);
  store<f64>(out, smallLow, 48);
  store<f64>(out, smallHigh, 56);
  store<f64>(out, largeLow, 64);
  store<f64>(out, largeHigh, 72);
  store<f64>(out, rowSquares, 80);
  store<f64>(out, ofGrey, 88);
  store<f64>(out, largest, 96);
}

/**
 * Into `out`: variance of the levels, variance of the sizes, entropy, energy, and Σ of the squares of columns, where `columns` is not 0: room
 * for the sums of all sizes up to the largest.
 */
export function countMoments(
  i: usize,
  j: usize,
  count: usize,
  entries: i32,
  p: usize,
  logs: usize,
  meanGrey: f64,
  meanSize: f64,
  largest: i32,
  columns: usize,
  out: usize,
): void {
  let ofGrey: f64 = 0;
  let ofSize: f64 = 0;
  let entropy: f64 = 0;
  let energy: f64 = 0;
  for (let entry: i32 = 0; entry < entries; entry++) {
    const share = at(p, entry);
    const grey = at(i, entry) - meanGrey;
    const size = at(j, entry) - meanSize;
    ofGrey += share * (grey * grey);
    ofSize += share * (size * size);
    entropy -= share * at(logs, entry);
    energy += share * share;
  }
  let squares: f64 = 0;
  if (columns !== 0) {
    memory.fill(columns, 0, (largest + 1) << 3);
    for (let entry: i32 = 0; entry < entries; entry++) {
      const column = columns + ((<i32>at(j, entry)) << 3);
      store<f64>(column, load<f64>(column) + at(count, entry));
    }
    for (let size: i32 = 0; size <= largest; size++)
      squares += at(columns, size) * at(columns, size);
  }
  store<f64>(out, ofGrey);
  store<f64>(out, ofSize, 8);
  store<f64>(out, entropy, 16);
  store<f64>(out, energy, 24);
  store<f64>(out, squares, 32);
}

/**
 * Sums over pairs of levels of NGTDM, `p` the share and `difference` the summed difference of each. Into `out`: Σ p p d² (d the levels' distance),
 * Σ |p i - p j|, Σ d (p s + p s) / (p + p), Σ (p + p) d².
 */
export function pairsOfLevels(grey: usize, p: usize, difference: usize, n: i32, out: usize): void {
  let spread: f64 = 0;
  let steps: f64 = 0;
  let complexity: f64 = 0;
  let strength: f64 = 0;
  for (let i: i32 = 0; i < n; i++) {
    const pi = at(p, i);
    if (pi === 0) continue;
    for (let j: i32 = 0; j < i; j++) {
      const pj = at(p, j);
      if (pj === 0) continue;
      const apart = abs<f64>(at(grey, i) - at(grey, j));
      const both = pi + pj;
      spread += pi * pj * apart * apart;
      steps += abs<f64>(pi * at(grey, i) - pj * at(grey, j));
      complexity += (apart * (pi * at(difference, i) + pj * at(difference, j))) / both;
      strength += both * apart * apart;
    }
  }
  store<f64>(out, spread);
  store<f64>(out, steps, 8);
  store<f64>(out, complexity, 16);
  store<f64>(out, strength, 24);
}
