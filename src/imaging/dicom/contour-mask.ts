import type { NoteAssumption } from '../../runtime/assumptions.ts';
import { NacreError } from '../../runtime/errors.ts';
import { type Geometry, geometryOf, type Mask, pointToIndex, type Volume } from '../volume.ts';
import { badContour, type ContourSet } from './contours.ts';
import { requireSameSpace } from './require-same-space.ts';

/** A contour may lie this share of the slice spacing off its slice, and off its own plane. */
const planeTolerance = 0.1;

export interface ContourMaskOptions {
  file: string;
  note?: NoteAssumption | undefined;
}

/**
 * The voxels inside the contours of a region, on the grid of the image that they were drawn on. A voxel is inside where
 * its centre is: by even-odd with half-open edges, all contours of a slice together (XOR), so that a contour within
 * another is a hole. Each contour belongs to the nearest slice.
 *
 * @throws NacreError `other-frame-of-reference`, `bad-contour` for contours between slices, not planar, in another plane
 *   than the slices or beside the image, `empty-mask`
 */
export function contourMask(image: Volume, set: ContourSet, options: ContourMaskOptions): Mask {
  const { file } = options;
  requireOneSpace(image, set, options);
  const [nx, ny, nz] = image.size;
  /** Contours by slice: x and y of each point in voxels. */
  const bySlice = new Map<number, Float64Array[]>();
  let outside = 0;
  for (const { points } of set.contours) {
    const { slice, flat, beside } = onSlice(image, points, set.name, file);
    if (slice < 0 || slice >= nz || beside === 'all') {
      throw badContour(
        file,
        set.name,
        slice < 0 || slice >= nz
          ? `a contour on slice ${slice + 1}, beyond the ${nz} of the image`
          : 'a contour beside the image',
        'contours within the image',
      );
    }
    if (beside === 'part') outside++;
    const others = bySlice.get(slice);
    if (others === undefined) bySlice.set(slice, [flat]);
    else others.push(flat);
  }
  const data = new Uint8Array(nx * ny * nz);
  for (const [slice, contours] of bySlice) {
    fillEvenOdd(contours, nx, ny, data.subarray(slice * nx * ny, (slice + 1) * nx * ny));
  }
  if (!data.includes(1)) {
    throw new NacreError('empty-mask', 'the contours enclose the centre of no voxel', {
      file,
      found: `${set.contours.length} contours of ${set.name}`,
      expected: 'a region of at least one voxel',
      todo: 'check that contours and image belong together',
    });
  }
  if (outside > 0) {
    options.note?.({
      kind: 'dicom-contour-outside',
      file,
      found: `${outside} contours that reach out of the image`,
      taken: 'the part within the image',
      why: 'check that contours and image belong together',
    });
  }
  return { ...geometryOf(image), data };
}

/** Refuses contours that were drawn in another coordinate system than the image's. */
function requireOneSpace(
  image: Volume,
  { frameOfReference, referencedSeries }: ContourSet,
  { file, note }: ContourMaskOptions,
): void {
  requireSameSpace(image, frameOfReference, { what: 'contours', file, note });
  const { source } = image;
  if (source !== undefined && referencedSeries.length > 0) {
    if (referencedSeries.includes(source.seriesUid)) return;
    note?.({
      kind: 'dicom-other-series',
      file,
      found: 'contours that were drawn on another series of the same frame of reference',
      taken: 'their positions in millimetres',
      why: 'the patient may have moved between the series: look at the region',
    });
  }
}

/** A contour in voxels of the slice that it lies on. */
function onSlice(
  image: Geometry,
  points: Float64Array,
  region: string,
  file: string,
): { slice: number; flat: Float64Array; beside: 'none' | 'part' | 'all' } {
  const flat = new Float64Array((points.length / 3) * 2);
  let least = Number.POSITIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;
  const [low, high] = [
    [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY],
    [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY],
  ];
  for (let p = 0; p < points.length / 3; p++) {
    const [i, j, k] = pointToIndex(image, [points[3 * p], points[3 * p + 1], points[3 * p + 2]]);
    flat[2 * p] = settled(i);
    flat[2 * p + 1] = settled(j);
    least = Math.min(least, k);
    most = Math.max(most, k);
    low[0] = Math.min(low[0], i);
    low[1] = Math.min(low[1], j);
    high[0] = Math.max(high[0], i);
    high[1] = Math.max(high[1], j);
  }
  const between = image.spacing[2];
  if (most - least > planeTolerance) {
    throw badContour(
      file,
      region,
      `a contour that spans ${((most - least) * between).toFixed(2)} mm across the slices`,
      'contours in the plane of the slices',
    );
  }
  const middle = (least + most) / 2;
  const slice = Math.round(middle);
  const off = Math.abs(middle - slice);
  if (off > planeTolerance) {
    throw badContour(
      file,
      region,
      `a contour ${(off * between).toFixed(2)} mm from the nearest slice`,
      `at most ${(planeTolerance * between).toFixed(2)} mm (slices are ${between.toFixed(2)} mm apart)`,
    );
  }
  const ends = [image.size[0] - 0.5, image.size[1] - 0.5];
  const all = [0, 1].some((axis) => high[axis] < -0.5 || low[axis] > ends[axis]);
  const part = [0, 1].some((axis) => low[axis] < -0.5 || high[axis] > ends[axis]);
  return { slice, flat, beside: all ? 'all' : part ? 'part' : 'none' };
}

/** A coordinate that rounding moved off the centre of a voxel by less than a millionth is put back on it. */
function settled(x: number): number {
  const nearest = Math.round(x);
  return Math.abs(x - nearest) < 1e-6 ? nearest : x;
}

/**
 * Sets voxels whose centre is inside by even-odd. An edge counts for row j where one end lies at or below j and the other
 * above; it then toggles every voxel from the crossing on, the crossing itself included.
 */
function fillEvenOdd(
  contours: readonly Float64Array[],
  nx: number,
  ny: number,
  out: Uint8Array,
): void {
  const toggles = new Uint8Array((nx + 1) * ny);
  for (const points of contours) {
    const count = points.length / 2;
    for (let p = 0; p < count; p++) {
      const q = p + 1 === count ? 0 : p + 1;
      const [x0, y0] = [points[2 * p], points[2 * p + 1]];
      const [x1, y1] = [points[2 * q], points[2 * q + 1]];
      if (y0 === y1) continue;
      const first = Math.max(0, Math.ceil(Math.min(y0, y1)));
      const end = Math.min(ny, Math.ceil(Math.max(y0, y1)));
      for (let j = first; j < end; j++) {
        const x = x0 + ((j - y0) * (x1 - x0)) / (y1 - y0);
        const i = Math.min(nx, Math.max(0, Math.ceil(x)));
        toggles[j * (nx + 1) + i] ^= 1;
      }
    }
  }
  for (let j = 0; j < ny; j++) {
    let inside = 0;
    for (let i = 0; i < nx; i++) {
      inside ^= toggles[j * (nx + 1) + i];
      out[j * nx + i] = inside;
    }
  }
}
