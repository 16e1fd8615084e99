import { cbrt } from '../../runtime/elementary.ts';
import type { RandomStream } from '../../runtime/random-stream.ts';
import { type Box, boxOf, growBox, sizeOfBox } from '../crop.ts';
import { squaredDistance } from '../distance-transform.ts';
import type { Mask } from '../volume.ts';

/** How a region grows (above 0) or shrinks (below 0). */
export type VolumeChange = { mm: number } | { percent: number };

/** A region that shrinks by a distance keeps at least this share of its voxels, as in MIRP; a small one would vanish. */
const smallestShare = 0.8;

/**
 * A region that grew or shrank along its surface: by a distance, or until its volume has changed by a share. Voxels come and
 * go in the order of their distance from the surface; of the last layer, where it is needed in part, `stream` draws which.
 * A shrinkage in mm stops at four fifths of the voxels.
 */
export function resizedRegion(mask: Mask, change: VolumeChange, stream: RandomStream): Mask {
  const box = boxOf(mask);
  if (box === undefined) return mask;
  const amount = 'mm' in change ? change.mm : change.percent;
  return amount < 0 ? shrunk(mask, box, change, stream) : grown(mask, box, change, stream);
}

function grown(mask: Mask, box: Box, change: VolumeChange, stream: RandomStream): Mask {
  const voxels = mask.data.reduce((sum, inside) => sum + inside, 0);
  const wanted = 'percent' in change ? Math.round((voxels * change.percent) / 100) : undefined;
  // Far enough for a growth by `percent`: a surface never recedes faster than a flat one.
  const reach =
    'mm' in change
      ? change.mm + Math.min(...mask.spacing)
      : cbrt(voxels * volumeOf(mask)) * (1 + change.percent / 100);
  const within = padded(mask, box, reach);
  const squared = squaredDistance(mask, { within });
  const candidates = pointsOf(mask, within, (at) => mask.data[at] === 0).filter(
    ({ place }) => 'percent' in change || squared[place] <= squaredReach(mask, change.mm),
  );
  const data = mask.data.slice();
  for (const { at } of nearestFirst(candidates, squared, wanted, stream)) data[at] = 1;
  return { ...mask, data };
}

function shrunk(mask: Mask, box: Box, change: VolumeChange, stream: RandomStream): Mask {
  const within = padded(mask, box, Math.max(...mask.spacing));
  const outside: Mask = { ...mask, data: mask.data.map((inside) => 1 - inside) };
  const squared = squaredDistance(outside, { within });
  const inside = pointsOf(mask, within, (at) => mask.data[at] === 1);
  const leaving =
    'mm' in change
      ? Math.min(
          inside.filter(({ place }) => squared[place] <= squaredReach(mask, -change.mm)).length,
          Math.floor(inside.length * (1 - smallestShare)),
        )
      : Math.round((inside.length * -change.percent) / 100);
  const data = mask.data.slice();
  for (const { at } of nearestFirst(inside, squared, leaving, stream)) data[at] = 0;
  return { ...mask, data };
}

/** Distances run between centres of voxels, and the surface lies half a voxel from the nearest of them. */
function squaredReach({ spacing }: Mask, mm: number): number {
  const reach = mm + Math.min(...spacing) / 2;
  return reach * reach;
}

interface Point {
  /** Index in the mask. */
  at: number;
  /** Index in the box. */
  place: number;
}

/** The first `count` points by distance; all where it is undefined. */
function nearestFirst(
  points: readonly Point[],
  squared: Float64Array,
  count: number | undefined,
  stream: RandomStream,
): Point[] {
  if (count === undefined || count >= points.length) return [...points];
  return stream
    .shuffled(points)
    .sort((a, b) => squared[a.place] - squared[b.place])
    .slice(0, count);
}

function pointsOf({ size }: Mask, box: Box, wanted: (at: number) => boolean): Point[] {
  const [nx, ny, nz] = sizeOfBox(box);
  const points: Point[] = [];
  for (let k = 0, place = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) {
      for (let i = 0; i < nx; i++, place++) {
        const at = box.low[0] + i + size[0] * (box.low[1] + j + size[1] * (box.low[2] + k));
        if (wanted(at)) points.push({ at, place });
      }
    }
  }
  return points;
}

/** A box with a margin, within the grid. */
export function padded(mask: Mask, box: Box, mm: number): Box {
  const [x, y, z] = mask.spacing.map((step) => Math.ceil(mm / step));
  return growBox(box, [x, y, z], mask);
}

function volumeOf({ spacing }: Mask): number {
  return spacing[0] * spacing[1] * spacing[2];
}
