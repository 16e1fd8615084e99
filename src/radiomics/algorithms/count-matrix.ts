import { type LoopMemory, loopMemory } from './loop-memory.ts';

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
export function fromDense(
  counts: Float64Array | Int32Array,
  grey: Float64Array,
  columns: number,
): CountMatrix {
  return loopMemory(doubled(partsOfDense(grey, columns)), (memory, addresses) => {
    const filled = entriesAt(memory, { counts, grey, columns }, addresses);
    return taken(memory.doubles, addresses.slice(3), filled);
  });
}

/** Counts, levels and sizes of a dense matrix; level, size and count of its entries. */
function partsOfDense(grey: Float64Array, columns: number): number[] {
  const cells = (grey.length - 1) * columns;
  return [cells, grey.length, columns, cells, cells, cells];
}

interface DenseMatrix {
  readonly counts: Float64Array | Int32Array;
  readonly grey: Float64Array;
  readonly columns: number;
}

/** Writes the entries of a dense matrix at three addresses, after those of its counts, levels and sizes; gives how many. */
function entriesAt(
  { doubles, loops }: LoopMemory,
  { counts, grey, columns }: DenseMatrix,
  [c, g, s, i, j, n]: readonly number[],
): number {
  doubles.set(counts, c / 8);
  doubles.set(grey, g / 8);
  for (let size = 1; size <= columns; size++) doubles[s / 8 + size - 1] = size;
  return loops.filledEntries(c, grey.length - 1, columns, g + 8, s, i, j, n);
}

/** Entries of a list of (rank, size) pairs. Few sizes differ (n voxels have at most √(2n)): these are the columns. */
export function fromPairs(
  ranks: Int32Array,
  sizes: Int32Array,
  pairs: number,
  grey: Float64Array,
): CountMatrix {
  const largest = loopMemory([pairs], ({ words, loops }, [s]) => {
    words.set(sizes.subarray(0, pairs), s / 4);
    return loops.largestOf(s, pairs);
  });
  const { columns, columnOf } = loopMemory([pairs, largest + 1], ({ words, loops }, [s, c]) => {
    words.set(sizes.subarray(0, pairs), s / 4);
    const columns = loops.columnsOfSizes(s, pairs, largest, c);
    return { columns, columnOf: words.slice(c / 4, c / 4 + largest + 1) };
  });
  const rows = grey.length - 1;
  const cells = rows * columns;
  const numbers = doubled([columns, cells, rows + 1, cells, cells, cells]);
  return loopMemory(
    [pairs, pairs, largest + 1, ...numbers],
    ({ words, doubles, loops }, [r, s, o, f, c, g, i, j, n]) => {
      words.set(ranks.subarray(0, pairs), r / 4);
      words.set(sizes.subarray(0, pairs), s / 4);
      words.set(columnOf, o / 4);
      doubles.set(grey, g / 8);
      loops.countSizes(r, s, pairs, rows, columns, o, f, c);
      const filled = loops.filledEntries(c, rows, columns, g + 8, f, i, j, n);
      return taken(doubles, [i, j, n], filled);
    },
  );
}

/** Words of some numbers of doubles. */
const doubled = (sizes: readonly number[]) => sizes.map((numbers) => 2 * numbers);

function taken(doubles: Float64Array, at: readonly number[], filled: number): CountMatrix {
  const [i, j, count] = at.map((address) => doubles.slice(address / 8, address / 8 + filled));
  return { i, j, count };
}

/** One pass over the entries (they come in rows of one level); NaN throughout where the matrix is empty. */
export function countStatistics({ i, j, count }: CountMatrix): CountStatistics {
  const n = count.length;
  return loopMemory(doubled([n, n, n, ...partsOfStatistics(n)]), (memory, addresses) => {
    const { doubles } = memory;
    const [gi, sj, c, ...parts] = addresses;
    doubles.set(i, gi / 8);
    doubles.set(j, sj / 8);
    doubles.set(count, c / 8);
    return statisticsAt(memory, [gi, sj, c], n, parts);
  });
}

/** Statistics of a dense matrix, as `countStatistics` gives them for its entries (`fromDense`). */
export function denseStatistics(
  counts: Float64Array | Int32Array,
  grey: Float64Array,
  columns: number,
): CountStatistics {
  const dense = partsOfDense(grey, columns);
  const sizes = [...dense, ...partsOfStatistics(dense[0])];
  return loopMemory(doubled(sizes), (memory, addresses) => {
    const [c, g, s, i, j, n, ...parts] = addresses;
    const filled = entriesAt(memory, { counts, grey, columns }, [c, g, s, i, j, n]);
    return statisticsAt(memory, [i, j, n], filled, parts);
  });
}

/** The longest list of columns that is kept dense: sizes may be as many as voxels. */
const mostColumns = 4096;
/** Shares of entries, their logarithms, sums of columns, and what the loops give. */
const partsOfStatistics = (entries: number) => [entries, entries, mostColumns, 18];

/** Statistics of entries that lie in the memory of the loops: levels, sizes, counts. */
function statisticsAt(
  { doubles, loops }: LoopMemory,
  [i, j, count]: readonly [number, number, number],
  entries: number,
  [p, logs, columns, out]: readonly number[],
): CountStatistics {
  loops.countSums(i, j, count, entries, p, out);
  loops.takeLogarithms(p, logs, entries);
  const first = out / 8;
  const [total, ofSize, largest] = [doubles[first], doubles[first + 1], doubles[first + 12]];
  const [meanGrey, meanSize] = [doubles[first + 11] / total, ofSize / total];
  const dense = largest < mostColumns ? columns : 0;
  const to = out + 8 * 13;
  loops.countMoments(i, j, count, entries, p, logs, meanGrey, meanSize, largest, dense, to);
  const rowSquares = doubles[first + 10];
  const columnSquares =
    dense === 0
      ? squaresOfColumns(
          doubles.subarray(j / 8, j / 8 + entries),
          doubles.subarray(count / 8, count / 8 + entries),
        )
      : doubles[first + 17];
  return {
    total,
    smallEmphasis: doubles[first + 2] / total,
    largeEmphasis: doubles[first + 3] / total,
    lowGreyEmphasis: doubles[first + 4] / total,
    highGreyEmphasis: doubles[first + 5] / total,
    smallLowGrey: doubles[first + 6] / total,
    smallHighGrey: doubles[first + 7] / total,
    largeLowGrey: doubles[first + 8] / total,
    largeHighGrey: doubles[first + 9] / total,
    greyNonUniformity: rowSquares / total,
    greyNonUniformityNormalised: rowSquares / (total * total),
    sizeNonUniformity: columnSquares / total,
    sizeNonUniformityNormalised: columnSquares / (total * total),
    greyVariance: doubles[first + 13],
    sizeVariance: doubles[first + 14],
    entropy: doubles[first + 15],
    energy: doubles[first + 16],
    percentage: total / ofSize,
  };
}

/** Σ_j (Σ_i n(i, j))², for a long list of columns. */
function squaresOfColumns(j: Float64Array, count: Float64Array): number {
  const columns = new Map<number, number>();
  for (let at = 0; at < j.length; at++) columns.set(j[at], (columns.get(j[at]) ?? 0) + count[at]);
  let sum = 0;
  for (const n of columns.values()) sum += n * n;
  return sum;
}
