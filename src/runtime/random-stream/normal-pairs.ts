import { webAssembly } from '../web-assembly.ts';
import { normalPairsBytes } from './normal-pairs-bytes.ts';

/** The function of `wasm/normal-pairs.ts` and its memory. */
interface Kernel {
  memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
  normalPairs(state: number, values: number, count: number, scale: number): void;
}

/** Numbers of one call: they fit into one page of memory, behind the state. */
const most = 8192;
const valuesAt = 64;

let known: { kernel: Kernel; state: Int32Array; normals: Float32Array } | undefined;

function kernelOf() {
  if (known !== undefined) return known;
  const kernel = webAssembly(normalPairsBytes)() as Kernel;
  kernel.memory.grow(1);
  const { buffer } = kernel.memory;
  const state = new Int32Array(buffer, 0, 4);
  known = { kernel, state, normals: new Float32Array(buffer, valuesAt, most) };
  return known;
}

/**
 * Fills with pairs of standard normals times `scale` (polar method of Marsaglia), in WebAssembly.
 *
 * @param from state of pure-rand's xoroshiro128+; two of its 53-bit numbers are a point
 * @param values of an even length
 * @returns the state behind the last point
 */
export function fillNormalPairs(
  from: readonly number[],
  values: Float32Array,
  scale: number,
): number[] {
  const { kernel, state, normals } = kernelOf();
  // pure-rand has the upper half of a word before the lower.
  const [high0, low0, high1, low1] = from;
  state.set([low0, high0, low1, high1]);
  for (let at = 0; at < values.length; at += most) {
    const count = Math.min(most, values.length - at);
    kernel.normalPairs(0, valuesAt, count / 2, scale);
    values.set(normals.subarray(0, count), at);
  }
  return [state[1], state[0], state[3], state[2]];
}
