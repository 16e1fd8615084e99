import { webAssembly } from '../runtime/web-assembly.ts';
import { equalRunsBytes } from './equal-runs-bytes.ts';
import type { VoxelArray } from './volume.ts';

/** The function of `wasm/equal-runs.ts` and its memory. */
interface Kernel {
  memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
  equalRuns(data: number, bytes: number, shift: number, ends: number): number;
}

/** Bytes of voxels that are looked at in one call: they stay in the processor's first cache. */
const piece = 2 ** 15;
/** Where the ends of stretches are written: the kernel reads up to 64 bytes behind the voxels. */
const endsAt = piece + 64;

let known: { kernel: Kernel; bytes: Uint8Array; ends: Int32Array } | undefined;

function kernelOf() {
  if (known !== undefined) return known;
  const kernel = webAssembly(equalRunsBytes)() as Kernel;
  // Each byte may be a stretch of its own.
  kernel.memory.grow(Math.ceil((endsAt + 4 * piece) / 2 ** 16));
  const { buffer } = kernel.memory;
  known = { kernel, bytes: new Uint8Array(buffer), ends: new Int32Array(buffer, endsAt, piece) };
  return known;
}

/**
 * Visits stretches of equal voxels, zeros too, in order and without a gap. A mask is a few long ones: what is asked of all its voxels is
 * asked of a stretch at once. Two stretches side by side may hold one value.
 *
 * @param visit gets the first voxel and the one behind the last; false ends the walk. It must not begin another one.
 */
export function eachRun(
  data: VoxelArray,
  visit: (start: number, end: number) => boolean | undefined,
): void {
  const { kernel, bytes, ends } = kernelOf();
  const size = data.BYTES_PER_ELEMENT;
  const shift = 31 - Math.clz32(size);
  const voxels = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  let start = 0;
  for (let from = 0; from < voxels.length; from += piece) {
    const part = voxels.subarray(from, from + piece);
    bytes.set(part);
    const count = kernel.equalRuns(0, part.length, shift, endsAt);
    for (let n = 0; n < count; n++) {
      const end = from / size + ends[n];
      if (visit(start, end) === false) return;
      start = end;
    }
  }
}
