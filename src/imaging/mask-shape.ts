import { axisCounts, centreOfMass } from './axis-counts.ts';
import { components } from './components.ts';
import { boxOf, crop, growBox } from './crop.ts';
import { fillHoles } from './holes.ts';
import { indexToPoint, type Mask, type Vector3, voxelVolume } from './volume.ts';

/** Measures of a mask that need no scan. Volumes in mm³, positions in LPS mm. */
export interface MaskShape {
  voxels: number;
  volume: number;
  /** Centre of mass. */
  centroid: Vector3;
  /** Volumes of the connected pieces (26 neighbours), largest first. */
  pieces: number[];
  /** Volume enclosed by the mask in space, and within its slices (k) alone. */
  holes: number;
  sliceHoles: number;
  /** Slices (k) without the mask between its first and its last slice. */
  missingSlices: number;
  /** Sides of the scan that the mask touches, such as `right` or `head`. */
  border: BodySide[];
  /**
   * Area of the mask's first or last slice as a share of its largest one, the highest of the three axes: near 0 for a
   * rounded region, near 1 for one that a plane cuts. Zero for fewer than five slices.
   */
  flatEnd: { share: number; side: BodySide };
}

export type BodySide = 'right' | 'left' | 'front' | 'back' | 'foot' | 'head';

const sides: readonly (readonly [BodySide, BodySide])[] = [
  ['right', 'left'],
  ['front', 'back'],
  ['foot', 'head'],
];
/** Fewest slices for judging a flat end: a small ball has flat ends, too. */
const fewestSlices = 5;

/** Measures a mask; undefined where it is empty. */
export function maskShape(mask: Mask): MaskShape | undefined {
  const box = boxOf(mask);
  if (box === undefined) return undefined;
  const part = crop(mask, growBox(box, 1, mask));
  const areas = axisCounts(part);
  const { voxels, centre } = centreOfMass(areas);
  const one = voxelVolume(mask);
  const filled = (slicewise: boolean) =>
    one * (count(fillHoles(part, { slicewise }).data) - voxels);
  const border: BodySide[] = [];
  for (let axis = 0; axis < 3; axis++) {
    if (box.low[axis] === 0) border.push(sideOf(mask, axis, -1));
    if (box.high[axis] === mask.size[axis] - 1) border.push(sideOf(mask, axis, 1));
  }
  const slices = areas[2].subarray(...extentOf(areas[2]));
  return {
    voxels,
    volume: voxels * one,
    centroid: indexToPoint(part, centre),
    pieces: components(part)
      .sizes.map((size) => size * one)
      .sort((a, b) => b - a),
    holes: filled(false),
    sliceHoles: filled(true),
    missingSlices: slices.filter((area) => area === 0).length,
    border,
    flatEnd: flatEnd(mask, areas),
  };
}

function flatEnd(mask: Mask, areas: readonly Float64Array[]): MaskShape['flatEnd'] {
  let found: MaskShape['flatEnd'] = { share: 0, side: 'head' };
  areas.forEach((area, axis) => {
    const [first, last] = extentOf(area);
    if (last - first + 1 < fewestSlices) return;
    const largest = area.reduce((most, value) => Math.max(most, value), 0);
    for (const [at, sense] of [[first, -1] as const, [last, 1] as const]) {
      const share = area[at] / largest;
      if (share > found.share) found = { share, side: sideOf(mask, axis, sense) };
    }
  });
  return found;
}

/** The patient's side that a grid axis leads to, in its positive or negative sense (LPS: left, back and head are positive). */
function sideOf({ direction }: Mask, axis: number, sense: 1 | -1): BodySide {
  const column = [0, 1, 2].map((row) => direction[3 * row + axis]);
  let along = 0;
  for (let row = 1; row < 3; row++) {
    if (Math.abs(column[row]) > Math.abs(column[along])) along = row;
  }
  return sides[along][column[along] * sense > 0 ? 1 : 0];
}

/** First and last slice with an area. */
function extentOf(area: Float64Array): [first: number, last: number] {
  let last = area.length - 1;
  while (last > 0 && area[last] === 0) last--;
  return [area.findIndex((value) => value > 0), last];
}

function count(data: Uint8Array): number {
  let inside = 0;
  for (let i = 0; i < data.length; i++) if (data[i] !== 0) inside++;
  return inside;
}
