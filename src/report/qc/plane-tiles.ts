import { boxOf, crop, growBox } from '../../imaging/crop.ts';
import type { Mask, Vector3, Volume } from '../../imaging/volume.ts';
import { greyPng } from '../grey-png.ts';
import { greyWindow } from '../grey-window.ts';
import { centreOf, greyPixels } from '../plane-grey.ts';
import { outline, type PlaneSlice, planesThrough } from '../plane-slice.ts';

/** One plane of a tile: a grey picture and outlines in millimetres from its upper left corner. */
export interface PlaneTile {
  name: PlaneSlice['name'];
  /** LPS position of the plane, mm. */
  position: number;
  /** Millimetres. */
  width: number;
  height: number;
  /** PNG in base64, stretched over width × height. */
  png: string;
  /** SVG paths. */
  tumour: string;
  ring: string;
}

/** Millimetres shown around tumour and ring. */
const margin = 30;

/**
 * The three planes through the centre of mass of the mask, cut to its surroundings; through the middle of the scan, and
 * whole, where there is no mask. Where the plane through the centre misses the mask (two pieces, a shell), the nearest voxel
 * of the mask takes its place.
 */
export function planeTiles(whole: Volume, wholeTumour?: Mask, wholeRing?: Mask): PlaneTile[] {
  const box = wholeTumour && boxOf(wholeTumour);
  const pad = whole.spacing.map((mm) => Math.ceil(margin / mm)) as unknown as Vector3;
  const near = box && growBox(box, pad, whole);
  const part = <V extends Volume>(volume: V): V => (near ? crop(volume, near) : volume);
  const volume = part(whole);
  const tumour = wholeTumour && part(wholeTumour);
  const ring = wholeRing && part(wholeRing);
  const at =
    tumour === undefined ? centreOf(volume) : nearestInside(tumour, centreOf(volume, tumour));
  const slices = planesThrough(volume, at);
  const window = greyWindow(whole);
  return slices.map((slice) => ({
    name: slice.name,
    position: slice.position,
    width: slice.width * slice.stepAcross,
    height: slice.height * Math.abs(slice.stepDown),
    png: Buffer.from(
      greyPng(greyPixels(volume, slice, window), slice.width, slice.height),
    ).toString('base64'),
    tumour: tumour === undefined ? '' : pathOf(tumour, slice),
    ring: ring === undefined ? '' : pathOf(ring, slice),
  }));
}

function pathOf({ data }: Mask, slice: PlaneSlice): string {
  const { x, y } = outline(data, slice);
  const across = (lps: number) => Number((lps - slice.left).toFixed(1));
  const down = (lps: number) => Number(Math.abs(lps - slice.top).toFixed(1));
  let path = '';
  for (let i = 0; i + 1 < x.length; i += 3) {
    path += `M${across(x[i] as number)} ${down(y[i] as number)}L${across(x[i + 1] as number)} ${down(y[i + 1] as number)}`;
  }
  return path;
}

/** The voxel itself where each of its three planes meets the mask, else the voxel of the mask nearest to it. */
function nearestInside(mask: Mask, at: Vector3): Vector3 {
  const [nx, ny, nz] = mask.size;
  const meets = [false, false, false];
  let best = Number.POSITIVE_INFINITY;
  let nearest = at;
  for (let k = 0, v = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) {
      for (let i = 0; i < nx; i++, v++) {
        if (mask.data[v] === 0) continue;
        if (i === at[0]) meets[0] = true;
        if (j === at[1]) meets[1] = true;
        if (k === at[2]) meets[2] = true;
        const d =
          (mask.spacing[0] * (i - at[0])) ** 2 +
          (mask.spacing[1] * (j - at[1])) ** 2 +
          (mask.spacing[2] * (k - at[2])) ** 2;
        if (d >= best) continue;
        best = d;
        nearest = [i, j, k];
      }
    }
  }
  return meets.every(Boolean) ? at : nearest;
}
