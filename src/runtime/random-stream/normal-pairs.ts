import { webAssembly } from '../web-assembly.ts';
import { normalPairsBytes } from './normal-pairs-bytes.ts';

/** The function of `wasm/normal-pairs.ts` and its memory. */
interface Kernel {
  memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
  normalPairs(state: number, points: number, count: number): void;
}

/** Points of one call: with their three numbers they fit into one page of memory, behind the state. */
const most = 2048;
const pointsAt = 64;

let known: { kernel: Kernel; state: Int32Array; points: Float64Array } | undefined;

function kernelOf() {
  if (known !== undefined) return known;
  const kernel = webAssembly(normalPairsBytes)() as Kernel;
  kernel.memory.grow(1);
  const { buffer } = kernel.memory;
  const state = new Int32Array(buffer, 0, 4);
  known = { kernel, state, points: new Float64Array(buffer, pointsAt, 3 * most) };
  return known;
}

/**
 * Fills with pairs of standard normals times `scale` (polar method of Marsaglia). Steps of the generator and the points within the
 * circle are WebAssembly; logarithms are not, which it does not have.
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
  const { kernel, state, points } = kernelOf();
  // pure-rand has the upper half of a word before the lower.
  const [high0, low0, high1, low1] = from;
  state.set([low0, high0, low1, high1]);
  for (let at = 0; at < values.length; ) {
    const count = Math.min(most, (values.length - at) / 2);
    kernel.normalPairs(0, pointsAt, count);
    for (let p = 0; p < 3 * count; p += 3, at += 2) {
      const r = points[p + 2];
      const factor = Math.sqrt((-2 * Math.log(r)) / r);
      values[at] = scale * (points[p] * factor);
      values[at + 1] = scale * (points[p + 1] * factor);
    }
  }
  return [state[1], state[0], state[3], state[2]];
}
