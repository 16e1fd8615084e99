import { epsilon } from './probability-logarithms';

/**
 * Sums over one co-occurrence matrix of n × n counts, each in the order of the plain loops (test/radiomics/classes/co-occurrence-plainly.ts), so
 * that every bit is the same. Logarithms are the caller's. See src/radiomics/algorithms/co-occurrence-sums.ts.
 */

/** Adds to the number at an address. */
function add(at: usize, term: f64): void {
  store<f64>(at, load<f64>(at) + term);
}

function at(numbers: usize, n: i32): f64 {
  return load<f64>(numbers + (n << 3));
}

/**
 * Walks over the cells. From `px` to `p` all becomes 0; then into `px` and `py` (the same where the matrix is symmetrical) the marginals, into
 * `sums` and `differences` those of i + j and |i - j| by level, into `p` the probabilities of the cells that are not empty. Into `out`: total,
 * energy, largest probability, sum of i j p. Gives the number of cells that are not empty.
 */
export function coOccurrenceCells(
  counts: usize,
  n: i32,
  grey: usize,
  px: usize,
  py: usize,
  sums: usize,
  differences: usize,
  p: usize,
  out: usize,
): i32 {
  memory.fill(px, 0, p - px);
  let total: f64 = 0;
  for (let cell: i32 = 0; cell < n * n; cell++) total += at(counts, cell);
  let energy: f64 = 0;
  let largest: f64 = 0;
  let product: f64 = 0;
  let cell = counts;
  let found: i32 = 0;
  for (let i: i32 = 0; i < n; i++) {
    const gi = at(grey, i);
    for (let j: i32 = 0; j < n; j++, cell += 8) {
      const count = load<f64>(cell);
      if (count === 0) continue;
      const share = count / total;
      const gj = at(grey, j);
      add(px + (i << 3), share);
      if (px !== py) add(py + (j << 3), share);
      add(sums + ((<i32>(gi + gj)) << 3), share);
      add(differences + ((<i32>abs<f64>(gi - gj)) << 3), share);
      energy += share * share;
      product += share * gi * gj;
      if (share > largest) largest = share;
      store<f64>(p + (found << 3), share);
      found++;
    }
  }
  store<f64>(out, total);
  store<f64>(out, energy, 8);
  store<f64>(out, largest, 16);
  store<f64>(out, product, 24);
  return found;
}

/**
 * All that is measured on what `coOccurrenceCells` has left. Each logarithm lies `logs` bytes behind its number. Into `out` from the fifth number
 * on: entropy, correlation, three numbers of each marginal, six of i + j, nine of |i - j|.
 */
export function coOccurrenceMoments(
  counts: usize,
  n: i32,
  grey: usize,
  px: usize,
  py: usize,
  sums: usize,
  differences: usize,
  p: usize,
  cells: i32,
  logs: usize,
  levelCount: f64,
  out: usize,
): void {
  const x = out + 48;
  const y = out + 72;
  marginalMoments(px, px + logs, n, grey, x);
  if (px === py) memory.copy(y, x, 24);
  else marginalMoments(py, py + logs, n, grey, y);
  sumMoments(sums, sums + logs, <i32>((differences - sums) >> 3), at(x, 0) + at(y, 0), out + 96);
  differenceMoments(
    differences,
    differences + logs,
    <i32>((p - differences) >> 3),
    levelCount,
    out + 144,
  );
  store<f64>(out, entropyOf(p, p + logs, cells), 32);
  store<f64>(out, correlationOf(counts, n, load<f64>(out), grey, x, y), 40);
}

/** -Σ p log₂ p. */
function entropyOf(p: usize, logs: usize, count: i32): f64 {
  let entropy: f64 = 0;
  for (let k: i32 = 0; k < count; k++) entropy -= at(p, k) * at(logs, k);
  return entropy;
}

/** Mean, variance and entropy of a marginal, into `out`. */
function marginalMoments(p: usize, logs: usize, n: i32, grey: usize, out: usize): void {
  let mean: f64 = 0;
  let variance: f64 = 0;
  for (let i: i32 = 0; i < n; i++) mean += at(p, i) * at(grey, i);
  for (let i: i32 = 0; i < n; i++) {
    const apart = at(grey, i) - mean;
    variance += at(p, i) * (apart * apart);
  }
  store<f64>(out, mean);
  store<f64>(out, n === 1 ? 0 : variance, 8);
  store<f64>(out, entropyOf(p, logs, n), 16);
}

/** Of i + j: mean, variance, entropy; second, third and fourth moment about `centre`. */
function sumMoments(p: usize, logs: usize, count: i32, centre: f64, out: usize): void {
  let mean: f64 = 0;
  let second: f64 = 0;
  let third: f64 = 0;
  let fourth: f64 = 0;
  for (let k: i32 = 2; k < count; k++) {
    const share = at(p, k);
    if (share === 0) continue;
    const apart = <f64>k - centre;
    const squared = apart * apart;
    mean += <f64>k * share;
    second += squared * share;
    third += squared * apart * share;
    fourth += squared * squared * share;
  }
  store<f64>(out, mean);
  store<f64>(out, varianceAround(mean, p, 2, count), 8);
  store<f64>(out, entropyOf(p, logs, count), 16);
  store<f64>(out, second, 24);
  store<f64>(out, third, 32);
  store<f64>(out, fourth, 40);
}

/** Of |i - j|: mean, variance, entropy, contrast, inverse, its normalised form, inverse square, its normalised form, inverse variance. */
function differenceMoments(p: usize, logs: usize, count: i32, levelCount: f64, out: usize): void {
  let mean: f64 = 0;
  let contrast: f64 = 0;
  let inverse: f64 = 0;
  let inverseNormalised: f64 = 0;
  let inverseSquare: f64 = 0;
  let inverseSquareNormalised: f64 = 0;
  let inverseVariance: f64 = 0;
  for (let step: i32 = 0; step < count; step++) {
    const share = at(p, step);
    if (share === 0) continue;
    const k = <f64>step;
    mean += k * share;
    contrast += k * k * share;
    inverse += share / (1 + k);
    inverseNormalised += share / (1 + k / levelCount);
    inverseSquare += share / (1 + k * k);
    inverseSquareNormalised += share / (1 + (k * k) / (levelCount * levelCount));
    if (step > 0) inverseVariance += share / (k * k);
  }
  store<f64>(out, mean);
  store<f64>(out, varianceAround(mean, p, 0, count), 8);
  store<f64>(out, entropyOf(p, logs, count), 16);
  store<f64>(out, contrast, 24);
  store<f64>(out, inverse, 32);
  store<f64>(out, inverseNormalised, 40);
  store<f64>(out, inverseSquare, 48);
  store<f64>(out, inverseSquareNormalised, 56);
  store<f64>(out, inverseVariance, 64);
}

function varianceAround(mean: f64, p: usize, from: i32, count: i32): f64 {
  let variance: f64 = 0;
  for (let k = from; k < count; k++) {
    const apart = <f64>k - mean;
    variance += apart * apart * at(p, k);
  }
  return variance;
}

/**
 * Correlation of i and j; 1 where either has one level, as in PyRadiomics. There the deviation is 0 or a rounding of it, and
 * its sums decide which: mean and variance are then added up cell by cell, as PyRadiomics does.
 *
 * @param x mean and variance of the rows' marginal
 */
function correlationOf(counts: usize, n: i32, total: f64, grey: usize, x: usize, y: usize): f64 {
  const ofX = at(x, 1);
  const ofY = at(y, 1);
  if (min<f64>(ofX, ofY) > 1e-9) {
    return (
      covariance(counts, n, total, grey, at(x, 0), at(y, 0)) / (sqrt<f64>(ofX) * sqrt<f64>(ofY))
    );
  }
  let mx: f64 = 0;
  let my: f64 = 0;
  let cell: i32 = 0;
  for (let i: i32 = 0; i < n; i++) {
    for (let j: i32 = 0; j < n; j++, cell++) {
      const p = at(counts, cell) / total;
      mx += at(grey, i) * p;
      my += at(grey, j) * p;
    }
  }
  let vx: f64 = 0;
  let vy: f64 = 0;
  cell = 0;
  for (let i: i32 = 0; i < n; i++) {
    for (let j: i32 = 0; j < n; j++, cell++) {
      const p = at(counts, cell) / total;
      const dx = at(grey, i) - mx;
      const dy = at(grey, j) - my;
      vx += p * (dx * dx);
      vy += p * (dy * dy);
    }
  }
  const deviations = sqrt<f64>(vx) * sqrt<f64>(vy);
  if (deviations === 0) return 1;
  return covariance(counts, n, total, grey, mx, my) / (deviations + epsilon);
}

function covariance(counts: usize, n: i32, total: f64, grey: usize, mx: f64, my: f64): f64 {
  let sum: f64 = 0;
  let cell = counts;
  for (let i: i32 = 0; i < n; i++) {
    let row: f64 = 0;
    for (let j: i32 = 0; j < n; j++, cell += 8) row += load<f64>(cell) * (at(grey, j) - my);
    sum += row * (at(grey, i) - mx);
  }
  return sum / total;
}

/**
 * B(i, k) = p(i, k) / √(px(i) py(k)), into `b`; where `product` is not 0, B Bᵀ into it. `roots` has room for 2 n numbers.
 */
export function correlationMatrix(
  counts: usize,
  n: i32,
  total: f64,
  px: usize,
  py: usize,
  roots: usize,
  b: usize,
  product: usize,
): void {
  const ry = roots + (n << 3);
  for (let i: i32 = 0; i < n; i++) {
    store<f64>(roots + (i << 3), at(px, i) > 0 ? 1 / sqrt<f64>(at(px, i)) : 0);
    store<f64>(ry + (i << 3), at(py, i) > 0 ? 1 / sqrt<f64>(at(py, i)) : 0);
  }
  let offset: i32 = 0;
  for (let i: i32 = 0; i < n; i++) {
    for (let k: i32 = 0; k < n; k++, offset += 8) {
      store<f64>(b + offset, (load<f64>(counts + offset) / total) * at(roots, i) * at(ry, k));
    }
  }
  if (product === 0) return;
  for (let i: i32 = 0; i < n; i++) {
    for (let j: i32 = 0; j <= i; j++) {
      let sum: f64 = 0;
      for (let k: i32 = 0; k < n; k++) sum += at(b, i * n + k) * at(b, j * n + k);
      store<f64>(product + ((i * n + j) << 3), sum);
      store<f64>(product + ((j * n + i) << 3), sum);
    }
  }
}
