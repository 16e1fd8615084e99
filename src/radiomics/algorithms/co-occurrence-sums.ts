import { loopMemory } from './loop-memory.ts';

/** Where each sum over a co-occurrence matrix stands in what `coOccurrenceSums` gives; entropies in bits. */
export const place = {
  total: 0,
  energy: 1,
  largest: 2,
  /** Σ i j p. */
  product: 3,
  entropy: 4,
  correlation: 5,
  x: { mean: 6, variance: 7, entropy: 8 },
  y: { mean: 9, variance: 10, entropy: 11 },
  /** Of i + j; moments about μx + μy. */
  sum: { mean: 12, variance: 13, entropy: 14, second: 15, third: 16, fourth: 17 },
  /** Of |i - j|. */
  difference: {
    ...{ mean: 18, variance: 19, entropy: 20, contrast: 21, inverse: 22, inverseNormalised: 23 },
    ...{ inverseSquare: 24, inverseSquareNormalised: 25, inverseVariance: 26 },
  },
} as const;
const places = 27;

export interface CoOccurrenceSums {
  /** By `place`. */
  readonly sums: Float64Array;
  /** Similar to the matrix of the maximal correlation coefficient: B where the counts are symmetrical, else B Bᵀ. */
  readonly matrix: Float64Array | undefined;
}

/** What was found last, kept for the next matrix: kernels of voxel maps ask thousands of times a second. */
const sums = new Float64Array(places);

/**
 * Sums over the cells of a matrix in WebAssembly (`wasm/co-occurrence.ts`), whose memory this module lays out.
 *
 * @param counts n × n, row-major
 * @param grey level of each row and column
 * @param options `correlation`: give `matrix`
 * @returns `sums` are gone with the next call
 */
export function coOccurrenceSums(
  counts: Float64Array,
  grey: Float64Array,
  options: { symmetrical: boolean; levelCount: number; correlation: boolean },
): CoOccurrenceSums {
  const { symmetrical, levelCount, correlation } = options;
  const n = grey.length;
  const cells = n * n;
  const [ofSums, ofDifferences] = [2 * grey[n - 1] + 1, grey[n - 1] + 1];
  // Marginals first, then the cells: as many numbers as there are get a logarithm.
  const ofMarginals = 2 * n + ofSums + ofDifferences;
  const most = 2 * (ofMarginals + cells);
  const rest = correlation ? 2 * cells : 0;
  const sizes = [2 * cells, 2 * n, most, most, 2 * places, 4 * n, rest, symmetrical ? 0 : rest];
  return loopMemory(sizes, ({ doubles, loops }, [c, g, px, logs, out, roots, b, product]) => {
    doubles.set(counts, c / 8);
    doubles.set(grey, g / 8);
    const py = symmetrical ? px : px + 8 * n;
    const s = px + 16 * n;
    const d = s + 8 * ofSums;
    const p = d + 8 * ofDifferences;
    const filled = loops.coOccurrenceCells(c, n, g, px, py, s, d, p, out);
    loops.takeLogarithms(px, logs, ofMarginals + filled);
    loops.coOccurrenceMoments(c, n, g, px, py, s, d, p, filled, logs - px, levelCount, out);
    for (let at = 0; at < places; at++) sums[at] = doubles[out / 8 + at];
    if (!correlation) return { sums, matrix: undefined };
    loops.correlationMatrix(c, n, sums[place.total], px, py, roots, b, symmetrical ? 0 : product);
    const square = (symmetrical ? b : product) / 8;
    return { sums, matrix: doubles.slice(square, square + cells) };
  });
}
