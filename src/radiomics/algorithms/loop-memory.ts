import { webAssembly } from '../../runtime/web-assembly.ts';
import { textureLoopsBytes } from './texture-loops-bytes.ts';

/** The functions of `wasm/texture-loops.ts`. Pointers are in bytes, steps in words. */
export interface Loops {
  levelsOfRanks(ranks: number, words: number, grey: number, levels: number): void;
  countInside(...[mask, voxels]: Pointers<2>): number;
  countNotFinite(...[values, mask, voxels]: Pointers<3>): number;
  rangeInside(...[values, mask, voxels, range]: Pointers<4>): void;
  binLevels(...[values, mask, voxels, edges, bins, levels, counted]: Pointers<7>): number;
  placeRanks(...[levels, rankOf, nx, ny, nz, rowStep, sliceStep, ranks]: Pointers<8>): void;
  gather(...[values, mask, voxels, gathered]: Pointers<4>): number;
  sortByBuckets(...[values, count, ends, sorted, left]: Pointers<5>): number;
  sumOf(...[values, count]: Pointers<2>): number;
  sumOfSquares(...[values, count, shift]: Pointers<3>): number;
  sumDeviations(...[values, count, mean, median, low, high, sums]: Pointers<7>): void;
  lineEnds(...[mask, nx, ny, nz, firstI, lastI, firstJ, lastJ]: Pointers<8>): void;
  planeHulls(
    ...[first, last, lines, lineStep, planes, planeStep, su, sv, scratch, points]: Pointers<10>
  ): number;
  farthestPair(...[points, count, x, y, z, sorted]: Pointers<6>): number;
  sumPlaces(...[mask, nx, ny, nz, sums]: Pointers<5>): void;
  tallyCubes(...[mask, nx, ny, nz, empty, tally]: Pointers<6>): void;
  dependences(
    ...[values, ranks, from, to, steps, stepCount, cutoff, columns, counts]: Pointers<9>
  ): void;
  toneDifferences(
    ...[levels, ranks, from, to, steps, stepCount, counts, differences]: Pointers<8>
  ): void;
  pairs(...[ranks, from, to, step, columns, even, odd]: Pointers<7>): void;
  pairMatrix(...[even, odd, levels, symmetrical, counts]: Pointers<5>): number;
  runPlaces(...[ranks, places, from, to, step, columns, even, odd]: Pointers<8>): void;
  runsOfPlaces(...[even, odd, rows, columns, counts]: Pointers<5>): number;
  filledEntries(...[counts, rows, columns, grey, sizes, i, j, count]: Pointers<8>): number;
  largestOf(...[words, count]: Pointers<2>): number;
  columnsOfSizes(...[sizes, count, largest, columnOf]: Pointers<4>): number;
  countSizes(...[ranks, sizes, count, rows, columns, columnOf, found, counts]: Pointers<8>): void;
  countSums(...[i, j, count, entries, p, out]: Pointers<6>): void;
  countMoments(
    ...[i, j, count, entries, p, logs, meanGrey, meanSize, largest, columns, out]: Pointers<11>
  ): void;
  pairsOfLevels(...[grey, p, difference, n, out]: Pointers<5>): void;
  coOccurrenceCells(...[counts, n, grey, px, py, sums, differences, p, out]: Pointers<9>): number;
  coOccurrenceMoments(
    ...[counts, n, grey, px, py, sums, differences, p, cells, logs, levelCount, out]: Pointers<12>
  ): void;
  correlationMatrix(...[counts, n, total, px, py, roots, b, product]: Pointers<8>): void;
  takeLogarithms(...[from, to, count]: Pointers<3>): void;
  implicitQL(...[diagonal, off, n]: Pointers<3>): void;
  tridiagonalise(...[matrix, n, diagonal, off, v, w]: Pointers<6>): void;
  zones(...[ranks, parents, from, to, steps, stepCount, zoneRanks, zoneSizes]: Pointers<8>): number;
}

type Pointers<N extends number, P extends number[] = []> = P['length'] extends N
  ? P
  : Pointers<N, [...P, number]>;

/** Memory of the loops while they run. Views of it are not to be kept. */
export interface LoopMemory {
  readonly loops: Loops;
  readonly bytes: Uint8Array;
  readonly words: Int32Array;
  readonly doubles: Float64Array;
}

type Exports = Loops & { memory: { buffer: ArrayBuffer; grow(pages: number): number } };

const page = 2 ** 16;
/** Memory that is kept between calls: a WebAssembly memory never shrinks, so that a larger one is given up. */
const keptBytes = 2 ** 27;

let instantiate: (() => unknown) | undefined;
let instance: Exports | undefined;
/** Views of `instance`'s memory as large as it is now: kernels of voxel maps ask thousands of times a second. */
let views: LoopMemory | undefined;

/**
 * Runs loops on a memory of some parts.
 *
 * @param sizes words (4 bytes) of each part
 * @param work gets the memory and the address of each part, a multiple of 16; what was there before is still there
 */
export function loopMemory<T>(
  sizes: readonly number[],
  work: (memory: LoopMemory, addresses: number[]) => T,
): T {
  const addresses: number[] = [];
  let end = 64;
  for (const size of sizes) {
    addresses.push(end);
    // Four words are free behind each part, as the loops take four at a time.
    end += 16 * Math.ceil((4 * (size + 4)) / 16);
  }
  instantiate ??= webAssembly(textureLoopsBytes);
  instance ??= instantiate() as Exports;
  const exports = instance;
  const missing = Math.ceil((end - exports.memory.buffer.byteLength) / page);
  if (missing > 0) exports.memory.grow(missing);
  const { buffer } = exports.memory;
  if (views === undefined || views.bytes.buffer !== buffer) {
    views = {
      loops: exports,
      bytes: new Uint8Array(buffer),
      words: new Int32Array(buffer),
      doubles: new Float64Array(buffer),
    };
  }
  try {
    return work(views, addresses);
  } finally {
    if (buffer.byteLength > keptBytes) [instance, views] = [undefined, undefined];
  }
}
