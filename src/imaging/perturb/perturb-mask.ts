import { NacreError } from '../../runtime/errors.ts';
import { withDisplay } from '../../runtime/jupyter-display.ts';
import type { RandomStream } from '../../runtime/random-stream.ts';
import { axisCounts, centreOfMass } from '../axis-counts.ts';
import { boxOf, sizeOfBox } from '../crop.ts';
import { requireSameGeometry } from '../same-geometry.ts';
import { indexToPoint, type Mask, type Vector3, type Volume } from '../volume.ts';
import { padded, resizedRegion, type VolumeChange } from './resized-region.ts';
import { supervoxels } from './supervoxels.ts';
import { regionOnGrid, scanOnGrid, turnedGrid } from './turned-grid.ts';

/** How far a redrawn outline may lie from the given one. Each is drawn uniformly within ± its limit. */
export interface PerturbMaskOptions {
  /** Turn of the voxel grid in the plane of a slice, degrees, 0 to 180; the scan is sampled anew with the mask. Default 0. */
  rotate?: number | undefined;
  /** Shift of the voxel grid along each axis, as a share of a voxel, 0 to 1; with the scan as well. Default 0. */
  translate?: number | undefined;
  /** Growth or shrinkage: `{ mm: 1 }` of the surface, `{ percent: 15 }` of the volume. Default: none. */
  volume?: VolumeChange | undefined;
  /** Contour randomisation by supervoxels of the scan. Default false. */
  contour?: boolean | undefined;
  /** Mean volume of a supervoxel, mm³. Default 250. */
  supervoxelMm3?: number | undefined;
}

/** A scan with a redrawn region. */
export interface PerturbedMask {
  /** The scan on the grid of the redrawn region: the one handed in where nothing was turned or shifted. */
  volume: Volume;
  mask: Mask;
  /** Values that were drawn. */
  drawn: {
    degrees: number;
    /** Share of a voxel along i, j, k. */
    shift: Vector3;
    /** mm or percent, as `volume` of the options. */
    volume: number;
  };
}

/** Supervoxels with at least this share inside the region always belong to the new one, with less than the other never. */
const surelyInside = 0.9;
const surelyOutside = 0.2;

/** Space around the region in which supervoxels are made, mm. */
const marginMm = 10;

/**
 * Redraws a region as another reader, or the same patient in another position, would have given it (Zwanenburg et al. 2019,
 * Sci Rep 9:614; the chain of MIRP): the voxel grid is turned and shifted under scan and mask together, the region grows or
 * shrinks, and its contour is randomised: each supervoxel of the scan belongs to the new region with the probability of its
 * overlap with the old one (always from 0.9, never below 0.2).
 *
 * @param stream the same stream gives the same outline
 * @throws NacreError `empty-mask`, `geometry-mismatch`, `bad-option`
 * @example
 * const stream = RandomStream.of(1, 'reader', 2);
 * const { volume: seen, mask: redrawn } = perturbMask(volume, mask, { rotate: 5, volume: { percent: 15 }, contour: true }, stream);
 */
export function perturbMask(
  volume: Volume,
  mask: Mask,
  {
    rotate = 0,
    translate = 0,
    volume: change,
    contour = false,
    supervoxelMm3 = 250,
  }: PerturbMaskOptions,
  stream: RandomStream,
): PerturbedMask {
  requireLimit('rotate', rotate, 180);
  requireLimit('translate', translate, 1);
  const limit = change === undefined ? 0 : 'mm' in change ? change.mm : change.percent;
  requireLimit('volume', limit, change !== undefined && 'mm' in change ? 100 : 80);
  if (!(supervoxelMm3 > 0)) requireLimit('supervoxelMm3', Number.NaN, Number.POSITIVE_INFINITY);
  requireSameGeometry(volume, mask);
  requireRegion(mask);
  // Drawn first and always all of them, so that switching one off leaves the others as they were.
  const either = (most: number) => most * (2 * stream.next() - 1) + 0;
  const degrees = either(rotate);
  const shift: Vector3 = [either(translate), either(translate), either(translate)];
  const amount = either(limit);
  let [scan, region] = [volume, mask];
  if (degrees !== 0 || shift.some((part) => part !== 0)) {
    const grid = turnedGrid(mask, degrees, shift, centreOf(mask));
    [scan, region] = [scanOnGrid(volume, grid), regionOnGrid(mask, grid)];
    requireRegion(region);
  }
  if (change !== undefined) {
    const drawn = 'mm' in change ? { mm: amount } : { percent: amount };
    region = resizedRegion(region, drawn, stream.derive('volume'));
  }
  if (contour) region = randomContour(scan, region, supervoxelMm3, stream.derive('contour'));
  return {
    volume: scan === volume ? volume : withDisplay(scan),
    mask: region === mask ? mask : withDisplay(region),
    drawn: { degrees, shift, volume: amount },
  };
}

/** The region made of whole supervoxels, each drawn by its overlap; the one of largest overlap where none was. */
function randomContour(scan: Volume, mask: Mask, mm3: number, stream: RandomStream): Mask {
  const box = padded(mask, requireRegion(mask), marginMm);
  const labels = supervoxels(scan, box, mm3);
  const [nx, ny, nz] = sizeOfBox(box);
  const count = labels.reduce((most, label) => Math.max(most, label), 0) + 1;
  const all = new Float64Array(count);
  const inside = new Float64Array(count);
  const indexOf = (i: number, j: number, k: number) =>
    box.low[0] + i + mask.size[0] * (box.low[1] + j + mask.size[1] * (box.low[2] + k));
  for (let k = 0, at = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) {
      for (let i = 0; i < nx; i++, at++) {
        all[labels[at]]++;
        inside[labels[at]] += mask.data[indexOf(i, j, k)];
      }
    }
  }
  const overlap = inside.map((voxels, s) => (all[s] > 0 ? voxels / all[s] : 0));
  const chosen = Uint8Array.from(overlap, (share) => {
    const drawn = stream.next();
    return share >= surelyInside || (share >= surelyOutside && share > drawn) ? 1 : 0;
  });
  if (!chosen.includes(1)) chosen[overlap.indexOf(Math.max(...overlap))] = 1;
  const data = new Uint8Array(mask.data.length);
  for (let k = 0, at = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) {
      for (let i = 0; i < nx; i++, at++) data[indexOf(i, j, k)] = chosen[labels[at]];
    }
  }
  return { ...mask, data };
}

/** Mean position of the region's voxels, LPS, mm. */
function centreOf(mask: Mask): Vector3 {
  return indexToPoint(mask, centreOfMass(axisCounts(mask)).centre);
}

function requireRegion(mask: Mask) {
  const box = boxOf(mask);
  if (box !== undefined) return box;
  throw new NacreError('empty-mask', 'the region that is to be redrawn has no voxel', {
    expected: 'a region of a voxel or more, also on a turned grid',
    todo: 'check the mask, or perturb less',
  });
}

function requireLimit(name: string, value: number, most: number): void {
  if (value >= 0 && value <= most) return;
  throw new NacreError('bad-option', `${name} of a perturbation is out of its range`, {
    found: String(value),
    expected: `0 to ${most}`,
  });
}
