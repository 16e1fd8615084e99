import type { NoteAssumption } from '../../runtime/assumptions.ts';
import { atan2, hypot } from '../../runtime/elementary.ts';
import { NacreError } from '../../runtime/errors.ts';
import type { Vector3 } from '../volume.ts';
import { type Phases, splitPhases } from './phases.ts';
import { along, type ImageSeries, normalOf } from './series.ts';
import type { Slice } from './slice.ts';

/** A series as one or more stacks of slices, each of which becomes a volume. */
export interface SeriesStack extends Phases {
  /** Unit vector across the slices: row × column, LPS. */
  normal: Vector3;
  /** Millimetres between slices along the normal. */
  spacing: number;
  /** Degrees between the normal and the line on which the slices lie. */
  shear: number;
}

export interface StackOptions {
  /** Name of the series in messages: its folder or file. */
  file: string;
  /** True where the pixels of two slices are equal. Without it, slices at one position are taken for different. */
  samePixels?: ((a: Slice, b: Slice) => boolean | Promise<boolean>) | undefined;
  /** Accept a stack that is off the normal; it must then be resampled. Default false. */
  deskew?: boolean | undefined;
  note?: NoteAssumption | undefined;
}

/** Gaps between slices may differ from their median by this share. */
const gapTolerance = 0.01;

/** A slice may lie this share of the spacing away from its place in an even stack. */
const driftTolerance = 0.1;

/** Degrees by which a stack may be off the normal. */
export const shearTolerance = 0.1;

/** Slices nearer than this lie at one position, mm; less where pixels are smaller than 0.1 mm. */
const samePosition = 0.01;

/**
 * Sorts the slices of a series by their position along the normal, splits positions that occur several times into
 * phases, and checks that each stack is even and upright. Instance numbers are not used.
 *
 * @throws NacreError the series' refusal, `ambiguous-slices`, `uneven-slices`, `sheared`
 */
export async function stackOf(series: ImageSeries, options: StackOptions): Promise<SeriesStack> {
  const { file, note } = options;
  if (series.refusal !== undefined) throw refused(series, file);
  const orientation = series.orientation as readonly number[];
  const normal = unitNormal(orientation, file);
  const pixel = Math.min(...(series.spacing as readonly number[]));
  const positions = positionsOf(series.slices, normal, Math.min(samePosition, pixel / 10), file);
  const phases = await splitPhases(positions, { ...options, normal });
  const first = phases.phases[0];
  const places = first.map((slice) => slice.frame.position as Vector3);
  if (places.length === 1) {
    return { ...phases, normal, spacing: singleSpacing(first[0], file, note), shear: 0 };
  }
  const spacing = evenSpacing(
    places.map((place) => along(normal, place)),
    file,
  );
  const shear = shearOf(places, normal);
  if (shear > shearTolerance && options.deskew !== true) {
    throw new NacreError('sheared', 'the slices are stacked at an angle to their normal', {
      file,
      found: `${shear.toFixed(2)}° between the normal and the line of the slices`,
      expected: `at most ${shearTolerance}°`,
      todo: 'ask for deskewing (the stack is then resampled), or export the series without gantry tilt',
    });
  }
  if (options.deskew !== true) requireStraight(places, normal, pixel, file);
  return { ...phases, normal, spacing, shear };
}

function refused({ refusal }: ImageSeries, file: string): NacreError {
  const { code, what, found, todo } = refusal as NonNullable<ImageSeries['refusal']>;
  return new NacreError(code, what, { file, found, todo });
}

/** Row and column must be perpendicular unit vectors. */
function unitNormal(orientation: readonly number[], file: string): Vector3 {
  const row: Vector3 = [orientation[0], orientation[1], orientation[2]];
  const column: Vector3 = [orientation[3], orientation[4], orientation[5]];
  const normal = normalOf(orientation);
  const length = hypot(...normal);
  const units = [row, column].every((vector) => Math.abs(hypot(...vector) - 1) < 1e-3);
  if (units && Math.abs(length - 1) < 1e-3)
    return normal.map((x) => x / length) as unknown as Vector3;
  throw new NacreError(
    'bad-geometry',
    'the orientation of the slices is no pair of perpendicular axes',
    {
      file,
      found: `row (${row.join(', ')}), column (${column.join(', ')})`,
      expected: 'two perpendicular unit vectors',
      todo: 'export the series again with its orientation',
    },
  );
}

/** Slices by position along the normal, ascending. */
function positionsOf(
  slices: readonly Slice[],
  normal: Vector3,
  tolerance: number,
  file: string,
): Slice[][] {
  const positions: Slice[][] = [];
  let last = Number.NEGATIVE_INFINITY;
  for (const slice of slices) {
    const place = slice.frame.position as Vector3;
    const at = along(normal, place);
    if (!place.every(Number.isFinite) || Math.abs(at) > 1e6) {
      throw new NacreError('bad-geometry', 'a slice lies at an impossible position', {
        file,
        found: `(${place.join(', ')}) mm`,
        expected: 'a position within 1 km of the origin',
        todo: 'export the series again',
      });
    }
    if (at - last > tolerance) {
      positions.push([slice]);
      last = at;
      continue;
    }
    const position = positions.at(-1) as Slice[];
    const other = position[0].frame.position as Vector3;
    const apart = hypot(...place.map((x, i) => x - other[i]));
    if (apart > 2 * tolerance) {
      throw new NacreError('ambiguous-slices', 'two slices lie side by side in one plane', {
        file,
        found: `first pixels ${apart.toFixed(2)} mm apart, both at ${at.toFixed(2)} mm along the normal`,
        expected: 'slices above each other',
        todo: 'export the two parts as series of their own',
      });
    }
    position.push(slice);
  }
  return positions;
}

/** Distance between slices, mm. @throws NacreError `uneven-slices` */
function evenSpacing(places: readonly number[], file: string): number {
  const gaps = places.slice(1).map((place, i) => place - places[i]);
  const expected = median(gaps);
  let worst = 0;
  for (const [i, gap] of gaps.entries()) {
    if (Math.abs(gap - expected) > Math.abs(gaps[worst] - expected)) worst = i;
  }
  if (Math.abs(gaps[worst] - expected) > gapTolerance * expected) {
    const missing = Math.round(gaps[worst] / expected) - 1;
    throw new NacreError('uneven-slices', 'the slices are not evenly spaced', {
      file,
      found: `a gap of ${round(gaps[worst])} mm between the slices at ${round(places[worst])} and ${round(places[worst + 1])} mm along the normal`,
      expected: `${round(expected)} mm, as between the others`,
      todo:
        missing > 0
          ? `look for ${missing === 1 ? 'the missing slice' : `the ${missing} missing slices`} in the archive, and export the series whole`
          : 'export the series again, or resample it with a tool that knows the scanner',
    });
  }
  const spacing = (places[places.length - 1] - places[0]) / gaps.length;
  for (const [i, place] of places.entries()) {
    const drift = Math.abs(place - places[0] - i * spacing);
    if (drift <= driftTolerance * spacing) continue;
    throw new NacreError('uneven-slices', 'the slices drift from an even stack', {
      file,
      found: `the slice at ${round(place)} mm along the normal lies ${round(drift)} mm from its place`,
      expected: `at most ${round(driftTolerance * spacing)} mm`,
      todo: 'export the series again, or resample it with a tool that knows the scanner',
    });
  }
  return spacing;
}

function shearOf(places: readonly Vector3[], normal: Vector3): number {
  const line = places[places.length - 1].map((x, i) => x - places[0][i]) as unknown as Vector3;
  const up = along(normal, line);
  const sideways = hypot(...line.map((x, i) => x - up * normal[i]));
  return (atan2(sideways, up) * 180) / Math.PI;
}

/** No slice may lie beside the line from the first to the last by more than a tenth of a pixel. */
function requireStraight(
  places: readonly Vector3[],
  normal: Vector3,
  pixel: number,
  file: string,
): void {
  const [first, last] = [places[0], places[places.length - 1]];
  const step = last.map((x, i) => (x - first[i]) / (places.length - 1));
  for (const [k, place] of places.entries()) {
    const off = place.map((x, i) => x - first[i] - k * step[i]) as unknown as Vector3;
    const up = along(normal, off);
    const sideways = hypot(...off.map((x, i) => x - up * normal[i]));
    if (sideways <= pixel / 10) continue;
    throw new NacreError('uneven-slices', 'a slice is shifted sideways in the stack', {
      file,
      found: `the slice at ${round(along(normal, place))} mm along the normal lies ${round(sideways)} mm beside the line of the others`,
      expected: `at most a tenth of a pixel, ${round(pixel / 10)} mm`,
      todo: 'export the series again',
    });
  }
}

function singleSpacing({ frame }: Slice, file: string, note: NoteAssumption | undefined): number {
  const [name, spacing] =
    (frame.spacingBetweenSlices ?? 0) > 0
      ? ['spacing between slices', frame.spacingBetweenSlices as number]
      : ['slice thickness', frame.sliceThickness ?? 0];
  if (!(spacing > 0)) {
    throw new NacreError('no-spacing', 'a single slice gives no thickness', {
      file,
      found: 'one slice, without slice thickness or spacing between slices',
      expected: 'at least two slices, or a thickness',
      todo: 'export the series whole',
    });
  }
  note?.({
    kind: 'dicom-single-slice',
    file,
    found: 'one slice, so no distance between slices can be measured',
    taken: `${name} of the header, ${spacing} mm`,
    why: 'export the series whole if it has more slices',
  });
  return spacing;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

function round(millimetres: number): string {
  return String(Number(millimetres.toFixed(3)));
}
