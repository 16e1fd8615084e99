import { boxOf, crop, sizeOfBox } from '../imaging/crop.ts';
import type { Mask } from '../imaging/volume.ts';

/** Number of pieces of a region: voxels that touch by a face, an edge or a corner belong together (26 neighbours). */
export function componentCount(mask: Mask): number {
  const box = boxOf(mask);
  if (box === undefined) return 0;
  const [nx, ny, nz] = sizeOfBox(box);
  // One empty voxel all around, so that a neighbour is a fixed step away and never beyond the border.
  const px = nx + 2;
  const pxy = px * (ny + 2);
  const open = new Uint8Array(pxy * (nz + 2));
  const inner = crop(mask, box).data;
  let voxels = 0;
  for (let k = 0, from = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) {
      const row = 1 + px * (j + 1) + pxy * (k + 1);
      for (let i = 0; i < nx; i++, from++) {
        open[row + i] = inner[from];
        voxels += inner[from];
      }
    }
  }
  const steps: number[] = [];
  for (const z of [-pxy, 0, pxy]) {
    for (const y of [-px, 0, px]) {
      for (const x of [-1, 0, 1]) if (x + y + z !== 0) steps.push(x + y + z);
    }
  }
  const waiting = new Int32Array(voxels);
  let count = 0;
  for (let seed = 0; seed < open.length; seed++) {
    if (open[seed] === 0) continue;
    count++;
    open[seed] = 0;
    waiting[0] = seed;
    for (let height = 1; height > 0; ) {
      const at = waiting[--height];
      for (let s = 0; s < steps.length; s++) {
        const next = at + steps[s];
        if (open[next] === 0) continue;
        open[next] = 0;
        waiting[height++] = next;
      }
    }
  }
  return count;
}
