import { epsilon } from '../../../src/radiomics/algorithms/epsilon.ts';
import { symmetricEigenvalues } from '../../../src/radiomics/algorithms/symmetric-eigenvalues.ts';
import type { CoOccurrenceOptions } from '../../../src/radiomics/classes/glcm-features.ts';
import { exp, log2 } from '../../../src/runtime/elementary.ts';

/** The reference of wasm/co-occurrence.ts: features of one co-occurrence matrix, one number after the other. */
export function plainCoOccurrence(
  counts: Float64Array,
  grey: Float64Array,
  { levelCount, correlation, symmetrical }: CoOccurrenceOptions,
): Record<string, number> {
  const n = grey.length;
  const highest = grey[n - 1];
  const px = new Float64Array(n);
  const py = symmetrical ? px : new Float64Array(n);
  const sums = new Float64Array(2 * highest + 1);
  const differences = new Float64Array(highest + 1);
  let total = 0;
  for (let at = 0; at < counts.length; at++) total += counts[at];
  let [entropy, energy, largest, product] = [0, 0, 0, 0];
  for (let i = 0, at = 0; i < n; i++) {
    const gi = grey[i];
    for (let j = 0; j < n; j++, at++) {
      if (counts[at] === 0) continue;
      const p = counts[at] / total;
      const gj = grey[j];
      px[i] += p;
      if (!symmetrical) py[j] += p;
      sums[gi + gj] += p;
      differences[Math.abs(gi - gj)] += p;
      entropy -= p * log2(p + epsilon);
      energy += p * p;
      product += p * gi * gj;
      if (p > largest) largest = p;
    }
  }
  const x = marginal(px, grey);
  const y = symmetrical ? x : marginal(py, grey);
  const ofSum = momentsOfSum(sums, x.mean + y.mean);
  const ofDifference = momentsOfDifference(differences, levelCount);
  const information = mutualInformation(counts, total, px, py, entropy, x.entropy + y.entropy);
  const scale = Math.max(x.entropy, y.entropy);
  return {
    Autocorrelation: product,
    JointAverage: x.mean,
    ClusterProminence: ofSum.fourth,
    ClusterShade: ofSum.third,
    ClusterTendency: ofSum.second,
    Contrast: ofDifference.contrast,
    Correlation: pearson(counts, total, grey, x, y),
    DifferenceAverage: ofDifference.mean,
    DifferenceEntropy: ofDifference.entropy,
    DifferenceVariance: ofDifference.variance,
    Dissimilarity: ofDifference.mean,
    JointEnergy: energy,
    JointEntropy: entropy,
    Homogeneity1: ofDifference.inverse,
    Homogeneity2: ofDifference.inverseSquare,
    Imc1: scale === 0 || information.crossed === 0 ? 0 : -information.crossed / scale,
    Imc2: Math.sqrt(1 - exp(-2 * information.independent)),
    Idm: ofDifference.inverseSquare,
    MCC: correlation ? maximalCorrelation(counts, total, px, py) : Number.NaN,
    Idmn: ofDifference.inverseSquareNormalised,
    Id: ofDifference.inverse,
    Idn: ofDifference.inverseNormalised,
    InverseVariance: ofDifference.inverseVariance,
    MaximumProbability: largest,
    SumAverage: ofSum.mean,
    SumEntropy: ofSum.entropy,
    SumVariance: ofSum.variance,
    SumSquares: x.variance,
  };
}

/** Below it the difference of the entropies is rounding in part: PyRadiomics' own sums are taken. */
const nearlyNone = 1e-6;

/**
 * HXY1 - HXY and HXY2 - HXY, bits. Both are the mutual information: the entropy of px(i) py(j) is HX + HY, and so is the
 * cross entropy of p(i, j) against it. Where there is next to none (a direction whose pairs have one level each, two levels
 * that are independent), what is left is rounding, and the sums must be those of PyRadiomics, term by term.
 */
function mutualInformation(
  counts: Float64Array,
  total: number,
  px: Float64Array,
  py: Float64Array,
  entropy: number,
  independent: number,
): { crossed: number; independent: number } {
  const quick = independent - entropy;
  if (quick > nearlyNone) return { crossed: quick, independent: quick };
  let [joint, crossed, both] = [0, 0, 0];
  for (let i = 0, at = 0; i < px.length; i++) {
    for (let j = 0; j < py.length; j++, at++) {
      const p = counts[at] / total;
      const product = px[i] * py[j];
      const logarithm = log2(product + epsilon);
      joint += p * log2(p + epsilon);
      crossed += p * logarithm;
      both += product * logarithm;
    }
  }
  return { crossed: joint - crossed, independent: joint - both };
}

function marginal(p: Float64Array, grey: Float64Array) {
  let [mean, variance, entropy] = [0, 0, 0];
  for (let i = 0; i < p.length; i++) mean += p[i] * grey[i];
  for (let i = 0; i < p.length; i++) {
    variance += p[i] * (grey[i] - mean) ** 2;
    entropy -= p[i] * log2(p[i] + epsilon);
  }
  return { mean, variance: p.length === 1 ? 0 : variance, entropy };
}

/** @param centre μx + μy */
function momentsOfSum(p: Float64Array, centre: number) {
  let [mean, entropy, second, third, fourth] = [0, 0, 0, 0, 0];
  for (let k = 2; k < p.length; k++) {
    if (p[k] === 0) continue;
    const apart = k - centre;
    const squared = apart * apart;
    mean += k * p[k];
    entropy -= p[k] * log2(p[k] + epsilon);
    second += squared * p[k];
    third += squared * apart * p[k];
    fourth += squared * squared * p[k];
  }
  let variance = 0;
  for (let k = 2; k < p.length; k++) variance += (k - mean) ** 2 * p[k];
  return { mean, entropy, variance, second, third, fourth };
}

function momentsOfDifference(p: Float64Array, levelCount: number) {
  let [mean, contrast, entropy, inverseVariance] = [0, 0, 0, 0];
  let [inverse, inverseNormalised, inverseSquare, inverseSquareNormalised] = [0, 0, 0, 0];
  for (let k = 0; k < p.length; k++) {
    if (p[k] === 0) continue;
    mean += k * p[k];
    contrast += k * k * p[k];
    entropy -= p[k] * log2(p[k] + epsilon);
    inverse += p[k] / (1 + k);
    inverseNormalised += p[k] / (1 + k / levelCount);
    inverseSquare += p[k] / (1 + k * k);
    inverseSquareNormalised += p[k] / (1 + (k * k) / (levelCount * levelCount));
    if (k > 0) inverseVariance += p[k] / (k * k);
  }
  let variance = 0;
  for (let k = 0; k < p.length; k++) variance += (k - mean) ** 2 * p[k];
  return {
    mean,
    contrast,
    entropy,
    variance,
    inverse,
    inverseNormalised,
    inverseSquare,
    inverseSquareNormalised,
    inverseVariance,
  };
}

/**
 * Correlation of i and j; 1 where either has one level, as in PyRadiomics. There the deviation is 0 or a rounding of it, and
 * its sums decide which: mean and variance are then added up cell by cell, as PyRadiomics does.
 */
function pearson(
  counts: Float64Array,
  total: number,
  grey: Float64Array,
  x: { mean: number; variance: number },
  y: { mean: number; variance: number },
): number {
  if (Math.min(x.variance, y.variance) > 1e-9) {
    const deviations = Math.sqrt(x.variance) * Math.sqrt(y.variance);
    return covariance(counts, total, grey, x.mean, y.mean) / deviations;
  }
  const n = grey.length;
  let [mx, my, vx, vy] = [0, 0, 0, 0];
  for (let at = 0; at < counts.length; at++) {
    const p = counts[at] / total;
    mx += grey[Math.floor(at / n)] * p;
    my += grey[at % n] * p;
  }
  for (let at = 0; at < counts.length; at++) {
    const p = counts[at] / total;
    vx += p * (grey[Math.floor(at / n)] - mx) ** 2;
    vy += p * (grey[at % n] - my) ** 2;
  }
  const deviations = Math.sqrt(vx) * Math.sqrt(vy);
  if (deviations === 0) return 1;
  return covariance(counts, total, grey, mx, my) / (deviations + epsilon);
}

function covariance(
  counts: Float64Array,
  total: number,
  grey: Float64Array,
  mx: number,
  my: number,
): number {
  let sum = 0;
  for (let i = 0, at = 0; i < grey.length; i++) {
    let row = 0;
    for (let j = 0; j < grey.length; j++, at++) row += counts[at] * (grey[j] - my);
    sum += row * (grey[i] - mx);
  }
  return sum / total;
}

/**
 * Square root of the second largest eigenvalue of Q(i, j) = Σ_k p(i, k) p(j, k) / (px(i) py(k)). Q is similar to
 * B Bᵀ with B(i, k) = p(i, k) / √(px(i) py(k)), symmetric; where p is, so is B, and its eigenvalues' sizes are the
 * square roots at once. 1 for a single level, as in PyRadiomics.
 */
function maximalCorrelation(
  counts: Float64Array,
  total: number,
  px: Float64Array,
  py: Float64Array,
): number {
  const n = px.length;
  if (n < 2) return 1;
  const b = new Float64Array(n * n);
  const rx = px.map((p) => (p > 0 ? 1 / Math.sqrt(p) : 0));
  const ry = px === py ? rx : py.map((p) => (p > 0 ? 1 / Math.sqrt(p) : 0));
  for (let i = 0, at = 0; i < n; i++) {
    for (let k = 0; k < n; k++, at++) b[at] = (counts[at] / total) * rx[i] * ry[k];
  }
  if (px === py) {
    const sizes = symmetricEigenvalues(b, n).map(Math.abs).sort();
    return sizes[n - 2];
  }
  const squares = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = 0;
      for (let k = 0; k < n; k++) sum += b[i * n + k] * b[j * n + k];
      squares[i * n + j] = squares[j * n + i] = sum;
    }
  }
  return Math.sqrt(Math.max(0, symmetricEigenvalues(squares, n)[n - 2]));
}
