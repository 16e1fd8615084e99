/** Number that PyRadiomics adds to probabilities before a logarithm: numpy.spacing(1). */
export const epsilon = 2 ** -52;

/**
 * A matrix of counts of (grey level i, size j) without its zeros: runs by length, zones by size or distance,
 * voxels by dependence.
 */
export interface CountMatrix {
  readonly i: Float64Array;
  readonly j: Float64Array;
  readonly count: Float64Array;
}

/** Statistics that run, zone, distance and dependence matrices have in common; IBSI names them family by family. */
export interface CountStatistics {
  /** Sum of counts (runs, zones, voxels). */
  total: number;
  smallEmphasis: number;
  largeEmphasis: number;
  lowGreyEmphasis: number;
  highGreyEmphasis: number;
  smallLowGrey: number;
  smallHighGrey: number;
  largeLowGrey: number;
  largeHighGrey: number;
  greyNonUniformity: number;
  greyNonUniformityNormalised: number;
  sizeNonUniformity: number;
  sizeNonUniformityNormalised: number;
  greyVariance: number;
  sizeVariance: number;
  entropy: number;
  energy: number;
  /** total / Σ j n(i, j): share of voxels where j counts voxels. */
  percentage: number;
}

/** Entries of a dense matrix, rows `grey[1…]`, columns j = 1 to `columns` (`counts[row * columns + j - 1]`, row 0 first). */
export function fromDense(counts: Float64Array, grey: Float64Array, columns: number): CountMatrix {
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
export function fromPairs(
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
  const matrix = fromDense(counts, grey, columns);
  for (let at = 0; at < matrix.j.length; at++) matrix.j[at] = size[matrix.j[at] - 1];
  return matrix;
}

/** One pass over the entries (they come in rows of one level); NaN throughout where the matrix is empty. */
export function countStatistics({ i, j, count }: CountMatrix): CountStatistics {
  let largest = 0;
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
    if (j[at] > largest) largest = j[at];
  }
  rowSquares += row * row;
  meanGrey /= total;
  const meanSize = ofSize / total;
  let [greyVariance, sizeVariance, entropy, energy] = [0, 0, 0, 0];
  for (let at = 0; at < count.length; at++) {
    const p = count[at] / total;
    greyVariance += p * (i[at] - meanGrey) ** 2;
    sizeVariance += p * (j[at] - meanSize) ** 2;
    entropy -= p * Math.log2(p + epsilon);
    energy += p * p;
  }
  const columnSquares = squaresOfColumns(j, count, largest);
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

/** Σ_j (Σ_i n(i, j))². Sizes may be as many as voxels, so a long list of columns is kept sparse. */
function squaresOfColumns(j: Float64Array, count: Float64Array, largest: number): number {
  let sum = 0;
  if (largest < 4096) {
    const columns = new Float64Array(largest + 1);
    for (let at = 0; at < j.length; at++) columns[j[at]] += count[at];
    for (let size = 0; size < columns.length; size++) sum += columns[size] * columns[size];
    return sum;
  }
  const columns = new Map<number, number>();
  for (let at = 0; at < j.length; at++) columns.set(j[at], (columns.get(j[at]) ?? 0) + count[at]);
  for (const n of columns.values()) sum += n * n;
  return sum;
}
