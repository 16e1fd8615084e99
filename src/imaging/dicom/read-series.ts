import type { NoteAssumption } from '../../runtime/assumptions.ts';
import { hypot } from '../../runtime/elementary.ts';
import { NacreError } from '../../runtime/errors.ts';
import { declaredSize } from '../declared-size.ts';
import type { DicomSource, Geometry, Matrix3, Vector3, Volume, VoxelArray } from '../volume.ts';
import { parseDataSet } from './data-set.ts';
import { deskewed } from './deskew.ts';
import { headerOf } from './header.ts';
import type { ImageSeries } from './series.ts';
import type { Slice } from './slice.ts';
import { type SeriesStack, shearTolerance, stackOf } from './stack.ts';
import {
  type FrameReader,
  frameReader,
  rescaleInto,
  type StoredFrame,
  storedValues,
} from './stored-values.ts';

export interface ReadSeriesOptions {
  /** Name of the series in messages: its folder or file. */
  file: string;
  /** Resample a stack that is off its normal. Default false: such a stack is refused. */
  deskew?: boolean | undefined;
  note?: NoteAssumption | undefined;
  /** Reads a file of the series, whose bytes stay valid until the next call. */
  readFile: (file: string) => Uint8Array;
}

/** The volumes of a series, in the order of their phases, and how they were distinguished. */
export interface DicomVolumes {
  volumes: Volume[];
  stack: SeriesStack;
}

/**
 * Reads a series into volumes, one for each phase. Axes are the row, the column and the normal of its slices, in LPS mm;
 * slices ascend along the normal. Rescale slope and intercept are those of each slice: whole numbers stay whole, anything
 * else becomes floating point.
 *
 * @param choose 0-based phases to read. Default: all
 * @throws NacreError what `stackOf` and `frameReader` throw, and `file-changed` where a file is another than its header was
 */
export async function readImageSeries(
  series: ImageSeries,
  options: ReadSeriesOptions,
  choose?: (stack: SeriesStack) => readonly number[],
): Promise<DicomVolumes> {
  const files = new SeriesFiles(options);
  const stack = await stackOf(series, {
    ...options,
    samePixels: (a, b) => files.samePixels(a, b),
  });
  const wanted = choose?.(stack) ?? stack.phases.map((_, i) => i);
  const volumes = await stackedVolumes(series, stack, wanted, files, options);
  noteValues(series, options);
  if (stack.shear <= shearTolerance) return { volumes, stack };
  return {
    volumes: volumes.map((volume, i) => deskewed(volume, stack, wanted[i], options)),
    stack,
  };
}

/** Reads files one after the other and keeps the last: frames of one file are asked for in a row. */
class SeriesFiles {
  readonly #options: ReadSeriesOptions;
  #last: { file: string; frame: FrameReader } | undefined;

  constructor(options: ReadSeriesOptions) {
    this.#options = options;
  }

  async frameOf({ header, index }: Slice): Promise<StoredFrame> {
    if (this.#last?.file !== header.file) {
      const { readFile, note } = this.#options;
      const bytes = readFile(header.file);
      const set = parseDataSet(bytes, header.file);
      // The file may have changed: its header must still equal the one that the slices were sorted by.
      const now = headerOf(set, bytes.length);
      if (JSON.stringify(now.frames) !== JSON.stringify(header.frames)) throw changed(header.file);
      if (JSON.stringify(now.pixels) !== JSON.stringify(header.pixels)) throw changed(header.file);
      this.#last = {
        file: header.file,
        frame: await frameReader(set, now.pixels as NonNullable<typeof now.pixels>, note),
      };
    }
    return this.#last.frame(index);
  }

  async samePixels(a: Slice, b: Slice): Promise<boolean> {
    const same = (['slope', 'intercept'] as const).every((name) => a.frame[name] === b.frame[name]);
    if (!same) return false;
    // The frame lies in a buffer that the next file is read into.
    const first = storedValues(await this.frameOf(a)).slice();
    const second = storedValues(await this.frameOf(b));
    for (let i = 0; i < first.length; i++) if (first[i] !== second[i]) return false;
    return true;
  }
}

function changed(file: string): NacreError {
  return new NacreError('file-changed', 'the file was changed while the series was read', {
    file,
    expected: 'the header that it had before',
    todo: 'start again when nothing writes into the folder',
  });
}

/** Files are read in the order of their names, each once: a multi-frame file may hold slices of every phase. */
async function stackedVolumes(
  series: ImageSeries,
  stack: SeriesStack,
  wanted: readonly number[],
  files: SeriesFiles,
  { file }: ReadSeriesOptions,
): Promise<Volume[]> {
  const [columns, rows] = series.matrix;
  const size = declaredSize([columns, rows, stack.phases[0].length], file);
  // Refuses impossible sizes before anything is allocated.
  for (const { header } of series.slices) requirePixels(header);
  await files.frameOf(stack.phases[wanted[0]][0]);
  const pixels = columns * rows;
  const volumes = wanted.map((phase): Volume => {
    const slices = stack.phases[phase];
    const geometry = geometryOf(series, stack, slices[0].frame.position as Vector3, size);
    const source = sourceOf(series, slices, phase + 1, stack.phases.length);
    const unit = slices[0].header.modality === 'CT' ? { unit: 'HU' } : {};
    return { ...geometry, ...unit, data: arrayFor(slices, pixels * slices.length), source };
  });
  const places = wanted.flatMap((phase, v) =>
    stack.phases[phase].map((slice, k) => ({ slice, k, data: volumes[v].data })),
  );
  places.sort(
    (a, b) =>
      compareText(a.slice.header.file, b.slice.header.file) || a.slice.index - b.slice.index,
  );
  for (const { slice, k, data } of places) {
    rescaleInto(data, k * pixels, await files.frameOf(slice), slice.frame);
  }
  return volumes;
}

/** @throws NacreError `truncated` where a file is shorter than the pixels that its header declares */
function requirePixels({ file, bytes, syntax, pixels }: Slice['header']): void {
  if (pixels === undefined || syntax.codec !== 'none' || syntax.deflated) return;
  const { columns, rows, samplesPerPixel, bitsAllocated, frames } = pixels;
  const expected = (columns * rows * samplesPerPixel * bitsAllocated * frames) / 8;
  if (bytes >= expected) return;
  throw new NacreError('truncated', 'the file holds fewer pixels than its header declares', {
    file,
    found: `a file of ${bytes} bytes`,
    expected: `${expected} bytes of pixels (${columns}×${rows}, ${bitsAllocated} bits, ${frames} frames)`,
    todo: 'copy or export the file again',
  });
}

/**
 * The array that holds every value of a stack: whole numbers where slope and intercept of all slices are whole, else
 * floating point, in double precision for stored values of more than 16 bits.
 */
function arrayFor(slices: readonly Slice[], length: number): VoxelArray {
  let low = 0;
  let high = 0;
  let whole = true;
  let wide = false;
  for (const { pixels, frame } of slices) {
    const { bitsAllocated, bitsStored, signed, floating } = pixels;
    whole &&= !floating && Number.isInteger(frame.slope) && Number.isInteger(frame.intercept);
    wide ||= bitsAllocated > (floating ? 32 : 16);
    const least = signed ? -(2 ** (bitsStored - 1)) : 0;
    const most = signed ? 2 ** (bitsStored - 1) - 1 : 2 ** bitsStored - 1;
    for (const stored of [least, most]) {
      const value = stored * frame.slope + frame.intercept;
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
  }
  if (!whole) return wide ? new Float64Array(length) : new Float32Array(length);
  if (low >= 0 && high <= 0xff) return new Uint8Array(length);
  if (low >= -0x8000 && high <= 0x7fff) return new Int16Array(length);
  if (low >= 0 && high <= 0xffff) return new Uint16Array(length);
  if (low >= -(2 ** 31) && high < 2 ** 31) return new Int32Array(length);
  if (low >= 0 && high < 2 ** 32) return new Uint32Array(length);
  return new Float64Array(length);
}

function geometryOf(
  { orientation, spacing }: ImageSeries,
  { normal, spacing: between }: SeriesStack,
  origin: Vector3,
  size: Vector3,
): Geometry {
  const [a, b, c, d, e, f] = unitAxes(orientation as readonly number[]);
  const direction: Matrix3 = [a, d, normal[0], b, e, normal[1], c, f, normal[2]];
  const [x, y] = spacing as readonly [number, number];
  // Avoids negative zero, which would be written to the file.
  const plain = (value: number) => value + 0;
  return {
    size,
    spacing: [x, y, between],
    origin: origin.map(plain) as unknown as Vector3,
    direction: direction.map(plain) as unknown as Matrix3,
  };
}

function unitAxes(orientation: readonly number[]): number[] {
  return [0, 3].flatMap((at) => {
    const axis = orientation.slice(at, at + 3);
    const length = hypot(...axis);
    return axis.map((x) => x / length);
  });
}

function sourceOf(
  { studyUid, seriesUid, header }: ImageSeries,
  slices: readonly Slice[],
  phase: number,
  phases: number,
): DicomSource {
  return {
    studyUid,
    seriesUid,
    frameOfReference: header.frameOfReference,
    phase,
    phases,
    slices: slices.map(({ header: { file, sopClass, sopInstance }, index }) => ({
      ...{ file, frame: index, sopClass, sopInstance },
    })),
  };
}

/** Notes what the header reports about the values. */
function noteValues({ slices }: ImageSeries, { file, note }: ReadSeriesOptions): void {
  const { scaling, pixels } = slices[0].header;
  if (scaling.philips) {
    note?.({
      kind: 'dicom-philips-scaling',
      file,
      found: 'a private Philips scale slope (2005,100E) beside rescale slope and intercept',
      taken: 'rescale slope and intercept: the values that the scanner displays',
      why: 'Philips values of different series are comparable only after the private scaling',
    });
  }
  if (slices.some(({ header, pixels: { lossy } }) => lossy || header.syntax.lossy)) {
    note?.({
      kind: 'dicom-lossy',
      file,
      found: 'pixels that went through lossy compression',
      taken: 'the values as they are now',
      why: 'texture features change with lossy compression: use the original series where it exists',
    });
  }
  if (pixels?.padding !== undefined) {
    const { padding, paddingLimit } = pixels;
    note?.({
      kind: 'dicom-padding',
      file,
      found: `pixels outside the scan are marked by the stored value ${padding}${paddingLimit === undefined ? '' : ` to ${paddingLimit}`}`,
      taken: 'they keep this value',
      why: 'a region that reaches into them measures the mark, not tissue',
    });
  }
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
