import { NacreError } from '../runtime/errors.ts';
import { webAssembly } from '../runtime/web-assembly.ts';
import { pairKernelBytes } from './pair-kernel-bytes.ts';

/** Directions along which two columns are compared before the whole of them is: as many as the kernel holds. */
export const HEAD = 16;

/** More than float32 takes from a sum of 16 products of coordinates of unit vectors. */
const ROUNDING = 1e-5;

/** What wasm/pair-kernel.ts exports. */
interface PairKernel {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly heads: { readonly value: number };
  readonly rests: { readonly value: number };
  arrange(columns: number): number;
  keep(column: number): void;
  nextNear(column: number, from: number, bound: number): number;
}

let kernel: PairKernel | undefined;

/** Columns that were kept, and which of them may be near another one. */
export interface NearColumns {
  keep(column: number): void;
  /**
   * Place among the kept columns, in the order of keeping, of the first from place `from` on whose |r| with this column may be above the threshold; −1
   * where none can. One search at a time: a new one takes the memory of the one before.
   */
  next(column: number, from: number): number;
}

/**
 * Searches kept columns that may correlate with another above a threshold, by their coordinates along a few orthonormal directions and
 * the length of what is left of them. A pair that is left out is certainly below; the others are for the caller to compute.
 *
 * @param heads `head` coordinates per column, of unit vectors
 * @param rests length of the rest of each column
 * @throws NacreError `out-of-memory`
 */
export function nearColumns(
  heads: Float64Array,
  head: number,
  rests: Float64Array,
  threshold: number,
): NearColumns {
  kernel ??= webAssembly(pairKernelBytes)() as PairKernel;
  const { arrange, keep, nextNear } = kernel;
  if (arrange(rests.length) === 0) {
    throw new NacreError('out-of-memory', 'the correlation filter has no memory left', {
      found: `${rests.length} columns`,
      todo: 'leave correlationThreshold out, or use fewer columns',
    });
  }
  const { buffer } = kernel.memory;
  const coordinates = new Float32Array(buffer, kernel.heads.value, HEAD * rests.length).fill(0);
  for (let c = 0; c < rests.length; c++) {
    for (let d = 0; d < head; d++) coordinates[c * HEAD + d] = heads[c * head + d];
  }
  new Float32Array(buffer, kernel.rests.value, rests.length).set(rests);
  const bound = threshold - ROUNDING;
  return { keep, next: (column, from) => nextNear(column, from, bound) };
}
