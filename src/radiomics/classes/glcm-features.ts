import { exp, log2 } from '../../runtime/elementary.ts';
import { coOccurrenceSums, place } from '../algorithms/co-occurrence-sums.ts';
import { epsilon } from '../algorithms/epsilon.ts';
import { symmetricEigenvalues } from '../algorithms/symmetric-eigenvalues.ts';

export interface CoOccurrenceOptions {
  /** N_g of the normalised inverse difference (moment). */
  levelCount: number;
  /** Compute the maximal correlation coefficient, the one feature that costs L³. */
  correlation: boolean;
  symmetrical: boolean;
}

/**
 * Features of one co-occurrence matrix. Those of i - j and i + j come from the difference and sum marginals.
 *
 * @param counts L × L, row-major, not normalised
 * @param grey level of each row and column
 */
export function coOccurrenceFeatures(
  counts: Float64Array,
  grey: Float64Array,
  options: CoOccurrenceOptions,
): Record<string, number> {
  const { sums, matrix } = coOccurrenceSums(counts, grey, options);
  const { x, y, sum, difference } = place;
  const entropy = sums[place.entropy];
  const [ofX, ofY] = [sums[x.entropy], sums[y.entropy]];
  const information = mutualInformation(
    counts,
    grey.length,
    sums[place.total],
    ofX + ofY - entropy,
  );
  const scale = Math.max(ofX, ofY);
  return {
    Autocorrelation: sums[place.product],
    JointAverage: sums[x.mean],
    ClusterProminence: sums[sum.fourth],
    ClusterShade: sums[sum.third],
    ClusterTendency: sums[sum.second],
    Contrast: sums[difference.contrast],
    Correlation: sums[place.correlation],
    DifferenceAverage: sums[difference.mean],
    DifferenceEntropy: sums[difference.entropy],
    DifferenceVariance: sums[difference.variance],
    Dissimilarity: sums[difference.mean],
    JointEnergy: sums[place.energy],
    JointEntropy: entropy,
    Homogeneity1: sums[difference.inverse],
    Homogeneity2: sums[difference.inverseSquare],
    Imc1: scale === 0 || information.crossed === 0 ? 0 : -information.crossed / scale,
    Imc2: Math.sqrt(1 - exp(-2 * information.independent)),
    Idm: sums[difference.inverseSquare],
    Idmn: sums[difference.inverseSquareNormalised],
    Id: sums[difference.inverse],
    Idn: sums[difference.inverseNormalised],
    InverseVariance: sums[difference.inverseVariance],
    MaximumProbability: sums[place.largest],
    SumAverage: sums[sum.mean],
    SumEntropy: sums[sum.entropy],
    SumVariance: sums[sum.variance],
    SumSquares: sums[x.variance],
    MCC: matrix ? maximalCorrelation(matrix, grey.length, options) : Number.NaN,
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
  n: number,
  total: number,
  quick: number,
): { crossed: number; independent: number } {
  if (quick > nearlyNone) return { crossed: quick, independent: quick };
  const [px, py] = [new Float64Array(n), new Float64Array(n)];
  for (let i = 0, at = 0; i < n; i++) {
    for (let j = 0; j < n; j++, at++) {
      px[i] += counts[at] / total;
      py[j] += counts[at] / total;
    }
  }
  let [joint, crossed, both] = [0, 0, 0];
  for (let i = 0, at = 0; i < n; i++) {
    for (let j = 0; j < n; j++, at++) {
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

/**
 * Square root of the second largest eigenvalue of Q(i, j) = Σ_k p(i, k) p(j, k) / (px(i) py(k)). Q is similar to
 * B Bᵀ with B(i, k) = p(i, k) / √(px(i) py(k)), symmetric; where p is, so is B, and its eigenvalues' sizes are the
 * square roots at once. 1 for a single level, as in PyRadiomics.
 */
function maximalCorrelation(
  matrix: Float64Array,
  n: number,
  { symmetrical }: CoOccurrenceOptions,
): number {
  if (n < 2) return 1;
  const values = symmetricEigenvalues(matrix, n);
  if (!symmetrical) return Math.sqrt(Math.max(0, values[n - 2]));
  return values.map(Math.abs).sort()[n - 2];
}
