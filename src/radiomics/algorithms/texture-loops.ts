import { loopMemory } from './loop-memory.ts';

/** A line of ranks with an empty border (LevelGrid). */
interface Line {
  readonly ranks: Int32Array;
  readonly grey: Float64Array;
  readonly first: number;
  readonly end: number;
}

/**
 * The counting loops of texture classes (`wasm/texture-loops.ts`): this module lays out their memory. What they count are whole numbers,
 * the same as the plain loops of `test/radiomics/algorithms/counted-plainly.ts` give.
 */

/** A line at an address, with the four words behind it empty: the last four voxels may look there. */
function placeLine(words: Int32Array, ranks: Int32Array, address: number): void {
  words.set(ranks, address / 4);
  const end = address / 4 + ranks.length;
  words.fill(0, end, end + 4);
}

/** Both ways along each step. */
function bothWays(steps: Int32Array): Int32Array {
  const both = new Int32Array(2 * steps.length);
  for (let s = 0; s < steps.length; s++) {
    both[2 * s] = steps[s];
    both[2 * s + 1] = -steps[s];
  }
  return both;
}

/** Voxels by rank and number of dependent neighbours: `counts[rank * columns + neighbours]`; row 0 means nothing. */
export function countDependences(
  { ranks, grey, first, end }: Line,
  steps: Int32Array,
  cutoff: number,
): { columns: number; counts: Int32Array } {
  const columns = 2 * steps.length + 1;
  const cells = grey.length * columns;
  const near = cutoff > 0;
  const sizes = [ranks.length, near ? ranks.length : 0, grey.length, 2 * steps.length, cells];
  return loopMemory(sizes, ({ words, loops }, [r, l, g, s, c]) => {
    placeLine(words, ranks, r);
    words.set(bothWays(steps), s / 4);
    words.fill(0, c / 4, c / 4 + cells);
    if (near) {
      words.set(grey, g / 4);
      loops.levelsOfRanks(r, ranks.length + 4, g, l);
    }
    // Levels are whole numbers, so a fraction of the cutoff lets no more of them in.
    const most = Math.min(Math.floor(cutoff), 2 ** 31 - 1);
    loops.dependences(near ? l : r, r, first, end, s, 2 * steps.length, most, columns, c);
    return { columns, counts: words.slice(c / 4, c / 4 + cells) };
  });
}

/** By rank: voxels with a neighbour in the region, and their summed |level - mean level of the neighbours| in scan order. */
export function sumToneDifferences(
  { ranks, grey, first, end }: Line,
  steps: Int32Array,
): { counts: Int32Array; differences: Float64Array } {
  const rows = grey.length;
  const sizes = [ranks.length, ranks.length, rows, 2 * steps.length, rows, 2 * rows];
  return loopMemory(sizes, ({ words, doubles, loops }, [r, l, g, s, c, d]) => {
    placeLine(words, ranks, r);
    words.set(grey, g / 4);
    words.set(bothWays(steps), s / 4);
    words.fill(0, c / 4, c / 4 + rows);
    doubles.fill(0, d / 8, d / 8 + rows);
    loops.levelsOfRanks(r, ranks.length + 4, g, l);
    loops.toneDifferences(l, r, first, end, s, 2 * steps.length, c, d);
    return {
      counts: words.slice(c / 4, c / 4 + rows),
      differences: doubles.slice(d / 8, d / 8 + rows),
    };
  });
}

/** Sums of NGTDM over pairs of levels; `p` is the share of each level and `difference` its summed difference. */
export function sumPairsOfLevels(
  grey: Float64Array,
  p: Float64Array,
  difference: Float64Array,
): { spread: number; steps: number; complexity: number; strength: number } {
  const n = grey.length;
  return loopMemory([2 * n, 2 * n, 2 * n, 8], ({ doubles, loops }, [g, s, d, out]) => {
    doubles.set(grey, g / 8);
    doubles.set(p, s / 8);
    doubles.set(difference, d / 8);
    loops.pairsOfLevels(g, s, d, n, out);
    const first = out / 8;
    return {
      spread: doubles[first],
      steps: doubles[first + 1],
      complexity: doubles[first + 2],
      strength: doubles[first + 3],
    };
  });
}

/**
 * Pairs of levels at each step, `counts[(rank here - 1) * levels + rank there - 1]`, in both orders where `symmetrical`; steps without a pair are
 * left out.
 */
export function countPairs(
  { ranks, grey, first, end }: Line,
  steps: Int32Array,
  symmetrical: boolean,
  take: (direction: number, counts: Float64Array) => void,
): void {
  const cells = grey.length * grey.length;
  const levels = grey.length - 1;
  const inside = levels * levels;
  loopMemory(
    [ranks.length, cells, cells, 2 * inside],
    ({ words, doubles, loops }, [r, e, o, c]) => {
      placeLine(words, ranks, r);
      for (let s = 0; s < steps.length; s++) {
        words.fill(0, e / 4, e / 4 + cells);
        words.fill(0, o / 4, o / 4 + cells);
        loops.pairs(r, first, end, steps[s], grey.length, e, o);
        const some = loops.pairMatrix(e, o, levels, +symmetrical, c);
        if (some !== 0) take(s, doubles.slice(c / 8, c / 8 + inside));
      }
    },
  );
}

/** Runs of each step: `counts[(rank - 1) * columns + length - 1]`, and the longest of them. */
export function countRuns(
  { ranks, grey, first, end }: Line,
  steps: Int32Array,
  columns: number,
  take: (direction: number, counts: Float64Array, longest: number) => void,
): void {
  const rows = grey.length - 1;
  // Row and column 0 of the tables mean nothing.
  const cells = grey.length * (columns + 1);
  const inside = rows * columns;
  const sizes = [ranks.length, ranks.length, cells, cells, 2 * inside];
  loopMemory(sizes, ({ words, doubles, loops }, [r, p, e, o, c]) => {
    placeLine(words, ranks, r);
    for (let s = 0; s < steps.length; s++) {
      words.fill(0, e / 4, e / 4 + cells);
      words.fill(0, o / 4, o / 4 + cells);
      loops.runPlaces(r, p, first, end, steps[s], columns + 1, e, o);
      const longest = loops.runsOfPlaces(e, o, rows, columns, c);
      take(s, doubles.slice(c / 8, c / 8 + inside), longest);
    }
  });
}

/** Zones in the order of their first voxels. */
export interface FoundZones {
  /** Number of zones. */
  readonly count: number;
  /** Rank of each zone's level (see LevelGrid) and its size in voxels. */
  readonly ranks: Int32Array;
  readonly sizes: Int32Array;
}

/** @param place gets 1 + the number of each voxel's zone (0 outside the region), which is gone after the call */
export function findZones(
  { ranks, first, end }: Line,
  steps: Int32Array,
  voxels: number,
  place?: (zoneOf: Int32Array) => void,
): FoundZones {
  const sizes = [ranks.length, ranks.length, steps.length, voxels, voxels];
  return loopMemory(sizes, ({ words, loops }, [r, p, s, zr, zs]) => {
    placeLine(words, ranks, r);
    words.set(steps, s / 4);
    const count = loops.zones(r, p, first, end, s, steps.length, zr, zs);
    place?.(words.subarray(r / 4, r / 4 + ranks.length));
    return {
      count,
      ranks: words.slice(zr / 4, zr / 4 + count),
      sizes: words.slice(zs / 4, zs / 4 + count),
    };
  });
}
