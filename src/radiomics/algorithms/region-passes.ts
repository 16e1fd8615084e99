import { loopMemory } from './loop-memory.ts';

/** Passes over a region's box in WebAssembly (`wasm/region-passes.ts`): this module lays out their memory. */

const wordsOf = (mask: Uint8Array) => Math.ceil(mask.length / 4);

/** Makes what is not 0 in a mask to 1, in place, and counts these voxels. */
export function countInside(mask: Uint8Array): number {
  return loopMemory([wordsOf(mask)], ({ loops, bytes }, [m]) => {
    bytes.set(mask, m);
    const count = loops.countInside(m, mask.length);
    mask.set(bytes.subarray(m, m + mask.length));
    return count;
  });
}

/** Voxels of the region whose value is NaN or infinite. */
export function countNotFinite(values: Float64Array, mask: Uint8Array): number {
  return loopMemory([2 * values.length, wordsOf(mask)], ({ loops, bytes, doubles }, [v, m]) => {
    doubles.set(values, v / 8);
    bytes.set(mask, m);
    return loops.countNotFinite(v, m, mask.length);
  });
}

/** Least and largest value of the region; +∞ and -∞ where it has no voxel. */
export function rangeInside(values: Float64Array, mask: Uint8Array): [number, number] {
  return loopMemory(
    [2 * values.length, wordsOf(mask), 4],
    ({ loops, bytes, doubles }, [v, m, r]) => {
      doubles.set(values, v / 8);
      bytes.set(mask, m);
      loops.rangeInside(v, m, mask.length, r);
      return [doubles[r / 8], doubles[r / 8 + 1]];
    },
  );
}

/** The bin of each value of the region, from 1 on (0 outside), and how many voxels each bin has: `counted[level]`. */
export function binLevels(
  values: Float64Array,
  mask: Uint8Array,
  edges: Float64Array,
): { levels: Int32Array; highest: number; counted: Int32Array } {
  const n = mask.length;
  const sizes = [2 * n, wordsOf(mask), 2 * edges.length, n, edges.length + 1];
  return loopMemory(sizes, ({ loops, bytes, words, doubles }, [v, m, e, l, c]) => {
    doubles.set(values, v / 8);
    bytes.set(mask, m);
    doubles.set(edges, e / 8);
    const counts = words.subarray(c / 4, c / 4 + edges.length + 1).fill(0);
    const highest = loops.binLevels(v, m, n, e, edges.length - 1, l, c);
    return { levels: words.slice(l / 4, l / 4 + n), highest, counted: counts.slice() };
  });
}

/**
 * Ranks of a box's levels, on a grid with an empty border.
 *
 * @param rankOf rank of each level
 * @param words length of the grid
 */
export function placeRanks(
  levels: Int32Array,
  rankOf: Int32Array,
  [nx, ny, nz]: readonly [number, number, number],
  { rowStep, sliceStep, first }: { rowStep: number; sliceStep: number; first: number },
  words: number,
): Int32Array {
  return loopMemory([levels.length, rankOf.length, words], (memory, [l, t, r]) => {
    memory.words.set(levels, l / 4);
    memory.words.set(rankOf, t / 4);
    memory.words.fill(0, r / 4, r / 4 + words);
    memory.loops.placeRanks(l, t, nx, ny, nz, rowStep, sliceStep, r + 4 * first);
    return memory.words.slice(r / 4, r / 4 + words);
  });
}
