import type {
  CountMatrix,
  CountStatistics,
} from '../../../src/radiomics/algorithms/count-matrix.ts';
import { epsilon } from '../../../src/radiomics/algorithms/epsilon.ts';
import { log2 } from '../../../src/runtime/elementary.ts';

/** What the loops of `wasm/count-sums.ts` give, one number after the other. */

/** Entries of a dense matrix, rows `grey[1…]`, columns j = 1 to `columns` (`counts[row * columns + j - 1]`, row 0 first). */
export function plainFromDense(
  counts: Float64Array | Int32Array,
  grey: Float64Array,
  columns: number,
): CountMatrix {
  let filled = 0;
  for (let at = 0; at < counts.length; at++) if (counts[at] > 0) filled++;
  const matrix = {
    i: new Float64Array(filled),
    j: new Float64Array(filled),
    count: new Float64Array(filled),
  };
  for (let rank = 1, at = 0, to = 0; rank < grey.length; rank++) {
    for (let j = 1; j <= columns; j++, at++) {
      if (counts[at] === 0) continue;
      matrix.i[to] = grey[rank];
      matrix.j[to] = j;
      matrix.count[to++] = counts[at];
    }
  }
  return matrix;
}

/** Entries of a list of (rank, size) pairs. Few sizes differ (n voxels have at most √(2n)): these are the columns. */
export function plainFromPairs(
  ranks: Int32Array,
  sizes: Int32Array,
  pairs: number,
  grey: Float64Array,
): CountMatrix {
  let largest = 0;
  for (let at = 0; at < pairs; at++) if (sizes[at] > largest) largest = sizes[at];
  // First which sizes occur, then their places in order.
  const column = new Int32Array(largest + 1);
  for (let at = 0; at < pairs; at++) column[sizes[at]] = 1;
  let columns = 0;
  for (let size = 0; size <= largest; size++) if (column[size] === 1) column[size] = columns++;
  const size = new Float64Array(columns);
  const counts = new Float64Array((grey.length - 1) * columns);
  for (let at = 0; at < pairs; at++) {
    const c = column[sizes[at]];
    size[c] = sizes[at];
    counts[(ranks[at] - 1) * columns + c]++;
  }
  const matrix = plainFromDense(counts, grey, columns);
  for (let at = 0; at < matrix.j.length; at++) matrix.j[at] = size[matrix.j[at] - 1];
  return matrix;
}

/** One pass over the entries (they come in rows of one level); NaN throughout where the matrix is empty. */
export function plainCountStatistics({ i, j, count }: CountMatrix): CountStatistics {
  let [total, ofSize] = [0, 0];
  let [low, high, small, large] = [0, 0, 0, 0];
  let [smallLow, smallHigh, largeLow, largeHigh] = [0, 0, 0, 0];
  let [meanGrey, rowSquares, row] = [0, 0, 0];
  for (let at = 0; at < count.length; at++) {
    const n = count[at];
    const [g2, s2] = [i[at] * i[at], j[at] * j[at]];
    total += n;
    ofSize += n * j[at];
    meanGrey += n * i[at];
    small += n / s2;
    large += n * s2;
    low += n / g2;
    high += n * g2;
    smallLow += n / (g2 * s2);
    smallHigh += (n * g2) / s2;
    largeLow += (n * s2) / g2;
    largeHigh += n * g2 * s2;
    if (at > 0 && i[at] !== i[at - 1]) {
      rowSquares += row * row;
      row = 0;
    }
    row += n;
  }
  rowSquares += row * row;
  meanGrey /= total;
  const meanSize = ofSize / total;
  let [greyVariance, sizeVariance, entropy, energy] = [0, 0, 0, 0];
  for (let at = 0; at < count.length; at++) {
    const p = count[at] / total;
    greyVariance += p * (i[at] - meanGrey) ** 2;
    sizeVariance += p * (j[at] - meanSize) ** 2;
    entropy -= p * log2(p + epsilon);
    energy += p * p;
  }
  const columnSquares = squaresOfColumns(j, count);
  return {
    total,
    smallEmphasis: small / total,
    largeEmphasis: large / total,
    lowGreyEmphasis: low / total,
    highGreyEmphasis: high / total,
    smallLowGrey: smallLow / total,
    smallHighGrey: smallHigh / total,
    largeLowGrey: largeLow / total,
    largeHighGrey: largeHigh / total,
    greyNonUniformity: rowSquares / total,
    greyNonUniformityNormalised: rowSquares / (total * total),
    sizeNonUniformity: columnSquares / total,
    sizeNonUniformityNormalised: columnSquares / (total * total),
    greyVariance,
    sizeVariance,
    entropy,
    energy,
    percentage: total / ofSize,
  };
}

/** Σ_j (Σ_i n(i, j))². */
function squaresOfColumns(j: Float64Array, count: Float64Array): number {
  const columns = new Map<number, number>();
  j.forEach((size, at) => {
    columns.set(size, (columns.get(size) ?? 0) + count[at]);
  });
  return [...columns]
    .sort(([a], [b]) => a - b)
    .reduce((sum, [, inColumn]) => sum + inColumn * inColumn, 0);
}

/** Sums of NGTDM over pairs of levels. */
export function plainPairsOfLevels(grey: Float64Array, p: Float64Array, difference: Float64Array) {
  let [spread, steps, complexity, strength] = [0, 0, 0, 0];
  for (let i = 0; i < p.length; i++) {
    if (p[i] === 0) continue;
    for (let j = 0; j < i; j++) {
      if (p[j] === 0) continue;
      const apart = Math.abs(grey[i] - grey[j]);
      const both = p[i] + p[j];
      spread += p[i] * p[j] * apart * apart;
      steps += Math.abs(p[i] * grey[i] - p[j] * grey[j]);
      complexity += (apart * (p[i] * difference[i] + p[j] * difference[j])) / both;
      strength += both * apart * apart;
    }
  }
  return { spread, steps, complexity, strength };
}
