import type { Vector3 } from '../volume.ts';
import type { DicomHeader } from './header.ts';
import { type Refusal, refusalOf } from './refusals.ts';
import type { Slice } from './slice.ts';

/** Slices of one series that have the same orientation, matrix and pixel spacing. */
export interface ImageSeries {
  kind: 'image';
  studyUid: string;
  seriesUid: string;
  /** The first file's header, for what all files of a series have in common. */
  header: DicomHeader;
  /** Unit vectors of a row and of a column, LPS. */
  orientation: readonly number[] | undefined;
  /** Pixels along a row and along a column. */
  matrix: readonly [number, number];
  /** Millimetres between columns and between rows. */
  spacing: readonly [number, number] | undefined;
  /** In the order of position along the normal, then of file and frame. */
  slices: Slice[];
  /** Why the series cannot become a volume, whatever its slices are. */
  refusal?: Refusal | undefined;
}

/** A file that refers to an image series: contours (RTSTRUCT) or a segmentation (SEG). */
export interface RegionSeries {
  kind: 'contours' | 'segmentation';
  studyUid: string;
  seriesUid: string;
  header: DicomHeader;
}

export interface GroupedSeries {
  images: ImageSeries[];
  regions: RegionSeries[];
  /** Headers of objects of other kinds: reports, presentation states, directories. */
  others: DicomHeader[];
}

/** How far components of unit vectors may differ within a group: headers hold decimals of limited length. */
const orientationTolerance = 1e-4;

/** How far pixel spacings may differ, relative. */
const spacingTolerance = 1e-4;

/**
 * Groups headers into series; one series becomes several groups where orientation, matrix or pixel spacing differ (a
 * localiser in three planes). The result does not depend on the order of the headers.
 */
export function groupSeries(headers: readonly DicomHeader[]): GroupedSeries {
  const sorted = [...headers].sort((a, b) => compareText(a.file, b.file));
  const images: ImageSeries[] = [];
  const bySeries = new Map<string, ImageSeries[]>();
  const regions: RegionSeries[] = [];
  const others: DicomHeader[] = [];
  for (const header of sorted) {
    const { kind, pixels, studyUid, seriesUid } = header;
    if (kind === 'contours' || kind === 'segmentation') {
      regions.push({ kind, studyUid, seriesUid, header });
    } else if (kind === 'other' || pixels === undefined) {
      others.push(header);
    } else {
      const key = JSON.stringify([header.patientId, studyUid, seriesUid]);
      const groups = bySeries.get(key) ?? [];
      bySeries.set(key, groups);
      header.frames.forEach((frame, index) => {
        const slice = { header, pixels, frame, index };
        let group = groups.find((one) => belongs(slice, one));
        if (group === undefined) {
          group = newGroup(slice);
          groups.push(group);
          images.push(group);
        }
        group.slices.push(slice);
      });
    }
  }
  for (const group of images) {
    group.refusal = refusalOf(group);
    sortSlices(group);
  }
  images.sort(
    (a, b) =>
      compareText(a.studyUid, b.studyUid) ||
      (a.header.seriesNumber ?? 0) - (b.header.seriesNumber ?? 0) ||
      compareText(a.seriesUid, b.seriesUid) ||
      compareText(a.header.file, b.header.file),
  );
  return { images, regions, others };
}

/** The normal of a plane: the cross product of its row and column vectors. */
export function normalOf([a, b, c, d, e, f]: readonly number[]): Vector3 {
  return [b * f - c * e, c * d - a * f, a * e - b * d];
}

/** Millimetres of a point along a direction. */
export function along(direction: Vector3, point: Vector3): number {
  return direction[0] * point[0] + direction[1] * point[1] + direction[2] * point[2];
}

function newGroup({ header, pixels, frame }: Slice): ImageSeries {
  return {
    kind: 'image',
    studyUid: header.studyUid,
    seriesUid: header.seriesUid,
    header,
    orientation: frame.orientation,
    matrix: [pixels.columns, pixels.rows],
    spacing: frame.spacing,
    slices: [],
  };
}

function belongs({ header, pixels, frame }: Slice, group: ImageSeries): boolean {
  return (
    pixels.columns === group.matrix[0] &&
    pixels.rows === group.matrix[1] &&
    header.kind === group.header.kind &&
    header.frameOfReference === group.header.frameOfReference &&
    close(frame.orientation, group.orientation, () => orientationTolerance) &&
    close(frame.spacing, group.spacing, (value) => spacingTolerance * Math.abs(value)) &&
    (frame.temporalPosition === undefined) ===
      (group.slices[0]?.frame.temporalPosition === undefined) &&
    refusalOf({ header, slices: [] })?.code ===
      refusalOf({ header: group.header, slices: [] })?.code
  );
}

function close(
  a: readonly number[] | undefined,
  b: readonly number[] | undefined,
  tolerance: (value: number) => number,
): boolean {
  if (a === undefined || b === undefined) return a === b;
  return a.every((value, i) => Math.abs(value - b[i]) <= tolerance(value));
}

function sortSlices(group: ImageSeries): void {
  if (group.orientation === undefined) return;
  const normal = normalOf(group.orientation);
  const at = ({ frame }: Slice) =>
    frame.position === undefined ? 0 : along(normal, frame.position);
  group.slices.sort(
    (a, b) => at(a) - at(b) || compareText(a.header.file, b.header.file) || a.index - b.index,
  );
}

/** Order that does not depend on the machine's language. */
function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
