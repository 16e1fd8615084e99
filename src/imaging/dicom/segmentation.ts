import type { NoteAssumption } from '../../runtime/assumptions.ts';
import { NacreError } from '../../runtime/errors.ts';
import { geometryOf, pointToIndex, type Vector3, type Volume, type VoxelArray } from '../volume.ts';
import type { DicomDataSet } from './data-set.ts';
import type { FrameHeader } from './frame-header.ts';
import type { DicomHeader } from './header.ts';
import { type NamedChoice, regionOfName } from './named-region.ts';
import { requireSameSpace } from './require-same-space.ts';
import { segmentationFrames } from './segmentation-frames.ts';

export interface SegmentationChoice extends NamedChoice {
  /** Number of the segment, or all of them. Undefined: the only one. Not used with `roi`. */
  label?: number | 'all' | undefined;
  /** Asked for by the caller: fractions are returned as they are, and are compared with this later. */
  threshold?: number | undefined;
}

export interface SegmentationOptions {
  file: string;
  note?: NoteAssumption | undefined;
}

/** Fractions from this on are inside where nothing else is asked for. */
const usualThreshold = 0.5;

/**
 * A segmentation (SEG) on the grid of its image. Frames are placed by their position, so that slices without a frame are
 * empty. The values are the numbers of the segments; 1 for a region that was named; fractions between 0 and 1 for a
 * FRACTIONAL segmentation where a threshold was asked for.
 *
 * @throws NacreError `needs-image`, `geometry-mismatch`, `other-frame-of-reference`, `several-regions`, `unknown-name`,
 *   `overlapping-segments`, `ambiguous-slices`, `unsupported-type`, and those of `frameReader`
 */
export async function segmentationOnGrid(
  image: Volume,
  set: DicomDataSet,
  header: DicomHeader,
  choice: SegmentationChoice,
  options: SegmentationOptions,
): Promise<Volume> {
  const { file } = options;
  const { frameOfReference } = header;
  requireSameSpace(image, frameOfReference, { ...options, what: 'segmentation' });
  const segment = segmentOf(header, choice, options);
  const { type, most, frame } = await segmentationFrames(set, header);
  const fractional = type === 'FRACTIONAL';
  const asFractions = fractional && choice.threshold !== undefined;
  const voxels = image.size[0] * image.size[1] * image.size[2];
  const data = asFractions ? new Float32Array(voxels) : labelArray(header, voxels);
  /** Which segment has drawn a voxel, so that segments that share one are noticed. */
  const placed = new Set<string>();
  let between = 0;
  for (const [index, place] of header.frames.entries()) {
    if (type !== 'LABELMAP' && segment !== undefined && place.segment !== segment) continue;
    const grid = placeOf(image, place, header, file);
    const key = `${place.segment ?? ''} ${grid.start.join(' ')}`;
    if (placed.has(key)) {
      throw new NacreError('ambiguous-slices', 'two frames of one segment lie at one position', {
        file,
        found: `frame ${index + 1}`,
        expected: 'one frame for each segment and slice',
        todo: 'export the segmentation again',
      });
    }
    placed.add(key);
    const stored = frame(index);
    const value = segment === undefined ? (place.segment ?? 1) : 1;
    draw(stored, grid, image.size, (at, sample) => {
      if (type === 'LABELMAP') {
        if (sample !== 0 && (segment === undefined || sample === segment)) {
          data[at] = segment === undefined ? sample : 1;
        }
        return;
      }
      const share = sample / most;
      if (share > 0 && share < 1) between++;
      if (asFractions) {
        data[at] = share;
      } else if (share >= usualThreshold) {
        if (data[at] !== 0) throw overlapping(file);
        data[at] = value;
      }
    });
  }
  if (between > 0 && !asFractions) {
    options.note?.({
      kind: 'dicom-fractional',
      file,
      found: `a fractional segmentation with ${between} voxels between 0 and 1`,
      taken: `voxels of at least ${usualThreshold}`,
      why: 'another threshold can be named (--mask-threshold, maskThreshold)',
    });
  }
  return { ...geometryOf(image), data };
}

/** The array that holds the numbers of the segments. */
function labelArray({ regions }: DicomHeader, voxels: number): VoxelArray {
  const highest = Math.max(1, ...regions.map(({ number }) => number));
  return highest > 255 ? new Uint16Array(voxels) : new Uint8Array(voxels);
}

/** Number of the segment that is meant; undefined for all of them. */
function segmentOf(
  { regions }: DicomHeader,
  { roi, label }: SegmentationChoice,
  { file, note }: SegmentationOptions,
): number | undefined {
  if (roi !== undefined) return regionOfName(regions, { roi }, file).number;
  if (typeof label === 'number' && regions.length > 1) {
    note?.({
      kind: 'dicom-segment-by-number',
      file,
      found: `segments ${regions.map(({ number, name }) => `${number} (${name})`).join(', ')}`,
      taken: `segment ${label}`,
      why: 'it is the label that was asked for, or the usual one; a segment can be named (--roi, roi in the manifest)',
    });
  }
  if (label !== undefined && regions.length > 1) return undefined;
  return regionOfName(regions, {}, file).number;
}

/** Where a frame lies on a grid, in voxels: its first pixel, and the steps to the next column and row. */
interface FramePlace {
  start: Vector3;
  column: Vector3;
  row: Vector3;
  columns: number;
  rows: number;
}

/** Voxels by which the pixels of a frame may miss those of the image. */
const gridTolerance = 0.05;

function placeOf(
  image: Volume,
  { position, orientation, spacing }: FrameHeader,
  { pixels }: DicomHeader,
  file: string,
): FramePlace {
  if (position === undefined || orientation === undefined || spacing === undefined || !pixels) {
    throw new NacreError('no-position', 'a frame has no position', {
      file,
      expected: 'position, orientation and pixel spacing',
      todo: 'export the segmentation again',
    });
  }
  const { columns, rows } = pixels;
  const at = (c: number, r: number): Vector3 =>
    pointToIndex(image, [
      position[0] + orientation[0] * spacing[0] * c + orientation[3] * spacing[1] * r,
      position[1] + orientation[1] * spacing[0] * c + orientation[4] * spacing[1] * r,
      position[2] + orientation[2] * spacing[0] * c + orientation[5] * spacing[1] * r,
    ]);
  const start = at(0, 0).map(Math.round) as unknown as Vector3;
  const step = (end: Vector3, count: number): Vector3 =>
    end.map((x, i) => Math.round((x - start[i]) / Math.max(1, count)) + 0) as unknown as Vector3;
  const column = columns > 1 ? step(at(columns - 1, 0), columns - 1) : step(at(1, 0), 1);
  const row = rows > 1 ? step(at(0, rows - 1), rows - 1) : step(at(0, 1), 1);
  for (const [c, r] of [
    [0, 0],
    [columns - 1, 0],
    [0, rows - 1],
    [columns - 1, rows - 1],
  ]) {
    const found = at(c, r);
    for (let axis = 0; axis < 3; axis++) {
      const expected = start[axis] + column[axis] * c + row[axis] * r;
      const off = Math.abs(found[axis] - expected);
      if (off > gridTolerance) {
        throw mismatch(
          file,
          `a corner of a frame lies ${(off * image.spacing[axis]).toFixed(3)} mm off the voxels of the image along ${'ijk'[axis]}`,
        );
      }
      if (expected < 0 || expected >= image.size[axis]) {
        throw mismatch(
          file,
          `a frame reaches to voxel ${expected} along ${'ijk'[axis]} (0 to ${image.size[axis] - 1} in the image)`,
        );
      }
    }
  }
  return { start, column, row, columns, rows };
}

function draw(
  stored: VoxelArray,
  { start, column, row, columns, rows }: FramePlace,
  [nx, ny]: Vector3,
  set: (at: number, sample: number) => void,
): void {
  const index = ([i, j, k]: Vector3) => i + nx * (j + ny * k);
  const [first, perColumn, perRow] = [index(start), index(column), index(row)];
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) {
      const sample = stored[r * columns + c];
      if (sample !== 0) set(first + perColumn * c + perRow * r, sample);
    }
  }
}

function mismatch(file: string, found: string): NacreError {
  return new NacreError(
    'geometry-mismatch',
    'the segmentation lies on another grid than the image',
    {
      file,
      found,
      expected: 'frames whose pixels are voxels of the image',
      todo: 'name the series that the segmentation was drawn on, or export it on the grid of the image',
    },
  );
}

function overlapping(file: string): NacreError {
  return new NacreError('overlapping-segments', 'segments of the file share voxels', {
    file,
    expected: 'segments that can be labels of one volume',
    todo: 'name one segment (--roi NAME)',
  });
}
