import { NacreError } from '../../runtime/errors.ts';
import { sha256 } from '../../runtime/hash.ts';
import type { FileSource } from '../file-source.ts';
import type { Volume } from '../volume.ts';
import { contourMask } from './contour-mask.ts';
import { contoursOf } from './contours.ts';
import { parseDataSet } from './data-set.ts';
import { headerOf } from './header.ts';
import { readImageSeries } from './read-series.ts';
import { segmentationOnGrid } from './segmentation.ts';
import { type SelectOptions, selectDicom } from './select.ts';
import type { ImageSeries } from './series.ts';

export interface ReadDicomOptions extends SelectOptions {
  /** The image that a mask belongs to: contours and segmentations are drawn on its grid. */
  grid?: Volume | undefined;
  /** Leave out the hash, which is then empty: a fifth of the time. Default false. */
  withoutHash?: boolean | undefined;
  /** Number of the segment that is meant, or all. Not used with a named region. */
  label?: number | 'all' | undefined;
  /** Set where the caller compares the fractions of a segmentation with a threshold. */
  threshold?: number | undefined;
}

/** A scan or mask out of DICOM, with the hash of the bytes that it was decoded from. */
export interface ReadDicom {
  volume: Volume;
  sha256: string;
}

/**
 * Reads a DICOM folder, or a file of one: an image series as a volume, or, for a mask, contours and segmentations on the
 * grid of their image.
 *
 * @throws NacreError those of `selectDicom` and of the readers
 */
export async function readDicom(
  source: FileSource,
  path: string,
  options: ReadDicomOptions,
): Promise<ReadDicom> {
  const selected = selectDicom(source, path, { ...options, isMask: options.grid !== undefined });
  const files = new HashedFiles(source, options.withoutHash !== true);
  if (selected.kind !== 'image') {
    const name = selected.header.file;
    const volume = await parseRegions(files.read(name), name, options);
    return { volume, sha256: files.hash() };
  }
  const volume = await seriesVolume(selected, files, options);
  // In a series of several volumes, the hash covers the files of all volumes.
  if (options.withoutHash !== true) {
    for (const { header } of selected.slices) files.require(header.file);
  }
  return { volume, sha256: files.hash() };
}

/** The hash that `readDicom` gives, without decoding a voxel. */
export function hashOfDicom(source: FileSource, path: string, options: SelectOptions): string {
  const selected = selectDicom(source, path, options);
  const files = new HashedFiles(source);
  if (selected.kind !== 'image') files.require(selected.header.file);
  else for (const { header } of selected.slices) files.require(header.file);
  return files.hash();
}

/** Files one after the other, with the hashes of the bytes that were read. */
class HashedFiles {
  readonly #hashes = new Map<string, string>();
  readonly #readFile: (path: string) => Uint8Array;
  readonly #hashing: boolean;

  constructor(source: FileSource, hashing = true) {
    this.#readFile = source.reader();
    this.#hashing = hashing;
  }

  /** The bytes stay valid until the next file is read. */
  read(file: string): Uint8Array {
    const bytes = this.#readFile(file);
    if (!this.#hashing) return bytes;
    const hash = sha256(bytes);
    const before = this.#hashes.get(file);
    if (before !== undefined && before !== hash) {
      throw new NacreError('file-changed', 'the file was changed while it was read', {
        file,
        expected: 'the bytes that it held before',
        todo: 'start again when nothing writes into the folder',
      });
    }
    this.#hashes.set(file, hash);
    return bytes;
  }

  /** Hashes a file that was not read. */
  require(file: string): void {
    if (!this.#hashes.has(file)) this.read(file);
  }

  /** The hash of a single file; for several files, the hash of their sorted hashes, so that names do not count. */
  hash(): string {
    if (!this.#hashing) return '';
    const sorted = [...this.#hashes.values()].sort();
    return sorted.length === 1 ? sorted[0] : sha256(sorted.join('\n'));
  }
}

async function seriesVolume(
  series: ImageSeries,
  files: HashedFiles,
  { file, part, note }: ReadDicomOptions,
): Promise<Volume> {
  const readFile = (name: string) => files.read(name);
  const options = { file, deskew: part.deskew, note, readFile };
  const { volumes } = await readImageSeries(series, options, ({ phases, by }) => {
    const { phase } = part;
    if (phase === undefined && phases.length === 1) return [0];
    if (phase !== undefined && phase <= phases.length) return [phase - 1];
    throw new NacreError(
      phase === undefined ? 'several-series' : 'bad-option',
      phase === undefined ? 'the series holds several volumes' : 'the series has no such phase',
      {
        file,
        found: phase === undefined ? `${phases.length}, distinguished by ${by}` : String(phase),
        expected: phase === undefined ? 'one volume' : `1 to ${phases.length}`,
        todo: 'name the phase: phase in the manifest, --phase, or #phase=NUMBER behind the path',
      },
    );
  });
  return volumes[0];
}

/**
 * Contours or a segmentation from the bytes of a file, on the grid of their image.
 *
 * @param name the file, for errors
 * @throws NacreError `not-a-mask` for other kinds of files, and those of the readers
 */
export async function parseRegions(
  bytes: Uint8Array,
  name: string,
  { file, part: { roi }, grid, label, threshold, note }: ReadDicomOptions,
): Promise<Volume> {
  const set = parseDataSet(bytes, name);
  const header = headerOf(set, bytes.length);
  if (grid === undefined || (header.kind !== 'segmentation' && header.kind !== 'contours')) {
    throw new NacreError('not-a-mask', 'the file holds no contours and no segmentation', {
      file,
      expected: 'an RTSTRUCT or SEG file, and its image',
      todo: 'name the file of the contours',
    });
  }
  if (header.kind === 'segmentation') {
    return segmentationOnGrid(grid, set, header, { roi, label, threshold }, { file, note });
  }
  return contourMask(grid, contoursOf(set, header.referencedSeries, { roi }), { file, note });
}
