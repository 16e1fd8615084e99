import type { RegionOfInterest } from '../region-of-interest.ts';
import { loopMemory } from './loop-memory.ts';

type Form = Pick<RegionOfInterest, 'size' | 'mask'>;

/** First and last vertex of each line of vertices; first > last where the line has none. */
export interface LineEnds {
  readonly first: Int32Array;
  readonly last: Int32Array;
}

/** Loops of shape over a whole region (`wasm/form-loops.ts`): this module lays out their memory. */
const wordsOf = ({ mask }: Form) => Math.ceil(mask.length / 4);

/** Ends of lines along i, by `j + b·k`, and along j, by `i + a·k`. Half voxels; voxel n has its centre at 2n + 1. */
export function lineEnds(form: Form): [LineEnds, LineEnds] {
  const [nx, ny, nz] = form.size;
  const alongI = (2 * ny + 1) * (2 * nz + 1);
  const alongJ = (2 * nx + 1) * (2 * nz + 1);
  const sizes = [wordsOf(form), alongI, alongI, alongJ, alongJ];
  return loopMemory(sizes, ({ loops, bytes, words }, [m, fi, li, fj, lj]) => {
    bytes.set(form.mask, m);
    words.fill(0x7fffffff, fi / 4, fi / 4 + alongI);
    words.fill(-1, li / 4, li / 4 + alongI);
    words.fill(0x7fffffff, fj / 4, fj / 4 + alongJ);
    words.fill(-1, lj / 4, lj / 4 + alongJ);
    loops.lineEnds(m, nx, ny, nz, fi, li, fj, lj);
    const taken = (at: number, lines: number) => words.slice(at / 4, at / 4 + lines);
    return [
      { first: taken(fi, alongI), last: taken(li, alongI) },
      { first: taken(fj, alongJ), last: taken(lj, alongJ) },
    ];
  });
}

/** Sums over the region's voxels of x, y, z, xx, yy, zz, xy, xz, yz: places from the box's first voxel, all whole numbers. */
export function placeSums(form: Form): Float64Array {
  const [nx, ny, nz] = form.size;
  return loopMemory([wordsOf(form), 18], ({ loops, bytes, doubles }, [m, s]) => {
    bytes.set(form.mask, m);
    loops.sumPlaces(m, nx, ny, nz, s);
    return doubles.slice(s / 8, s / 8 + 9);
  });
}

/** How many cubes of each of the 256 kinds lie between the voxels, and the sums of their i, j, k: four numbers a kind. */
export function cubeTally(form: Form): Float64Array {
  const [nx, ny, nz] = form.size;
  const row = Math.ceil(nx / 4);
  return loopMemory([wordsOf(form), row, 2048], ({ loops, bytes, words, doubles }, [m, e, t]) => {
    bytes.set(form.mask, m);
    words.fill(0, e / 4, e / 4 + row);
    doubles.fill(0, t / 8, t / 8 + 1024);
    loops.tallyCubes(m, nx, ny, nz, e, t);
    return doubles.slice(t / 8, t / 8 + 1024);
  });
}
