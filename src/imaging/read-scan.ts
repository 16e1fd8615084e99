import type { NoteAssumption } from '../runtime/assumptions.ts';
import { NacreError } from '../runtime/errors.ts';
import { sha256 } from '../runtime/hash.ts';
import { unreadable } from '../runtime/unreadable.ts';
import { beginsLikeDicom } from './dicom/is-dicom.ts';
import { type FileSource, readWhole, reported } from './file-source.ts';
import { addressIn, type ImageAddress } from './image-address.ts';
import {
  emptyMask,
  type LabelChoice,
  labelsOf,
  maskOfLabel,
  masksOfLabels,
} from './mask-labels.ts';
import { headerOfMetaImage, isMetaImage } from './meta-image.ts';
import { isNifti } from './nifti.ts';
import { headerNamesOf, isHeaderOfPair, voxelNameOf } from './nifti-pair.ts';
import { headerOfNrrd, isNrrd, longestHeader } from './nrrd.ts';
import { parseVolume } from './parse-volume.ts';
import { isGzip, unpackBeginning } from './unpack.ts';
import type { Mask, Volume } from './volume.ts';

/** Input of a reader beside the path, and the receiver of its choices. */
export interface ReadImageOptions {
  /** The image that a mask belongs to: contours (RTSTRUCT) and segmentations (SEG) are drawn on its grid. */
  grid?: Volume | undefined;
  /** Number of the segment of a SEG, or all. Undefined: the only one. */
  label?: number | 'all' | undefined;
  /** Set where the caller compares the mask with a threshold: fractions of a SEG are then read as they are. */
  threshold?: number | undefined;
  note?: NoteAssumption | undefined;
}

/**
 * Reads a scan: NIfTI-1 or -2 (plain or gzip, single or .hdr/.img), ANALYZE 7.5, NRRD and MetaImage (attached or detached), a DICOM
 * file or a folder of them, distinguished by content, not by name (but for ANALYZE, which has no mark of its own). The path may name a part of a folder or file (`imageAddress`).
 *
 * @returns voxels in the file's own type (floating point where the header rescales them), geometry in LPS mm
 * @throws NacreError naming the file, if it cannot be read as one whole volume
 */
export async function volumeFrom(
  files: FileSource,
  path: string,
  options: ReadImageOptions = {},
): Promise<Volume> {
  return (await readScan(files, path, { ...options, withoutHash: true })).volume;
}

/** A scan with the hash of exactly the bytes that it was decoded from. */
export interface ReadImage {
  volume: Volume;
  /**
   * SHA-256 of the file. Of a detached header and its voxel file: of both hashes in two lines. Of a DICOM series: of the
   * sorted hashes of its files, in lines. Where the path names a part: of that hash and the part, in two lines.
   */
  sha256: string;
}

/** Reads a scan as `volumeFrom` does and hashes exactly the bytes that were read, since the file may change later. */
export async function imageFrom(
  files: FileSource,
  text: string,
  options: ReadImageOptions = {},
): Promise<ReadImage> {
  return readScan(files, text, options);
}

async function readScan(
  files: FileSource,
  text: string,
  options: ReadImageOptions & { withoutHash?: boolean },
): Promise<ReadImage> {
  const { path, part } = addressOf(files, text);
  if (isDicomPath(files, path)) {
    const { readDicom } = await dicomReader();
    const { volume, sha256: hash } = await readDicom(files, path, {
      ...options,
      file: text,
      part,
    }).catch((error: unknown) => {
      throw error instanceof NacreError && error.code === 'not-an-image' && files.isFolder(path)
        ? folderWithoutImage(files, text, path, error)
        : error;
    });
    return { volume, sha256: hashOfPart(hash, text, path) };
  }
  requireWhole(text, path);
  const header = headerOf(files, path);
  const bytes = readWhole(files, header);
  const hashes: string[] = [];
  const keepHash = (read: Uint8Array) => {
    if (options.withoutHash !== true) hashes.push(sha256(read));
    return read;
  };
  keepHash(bytes);
  const readBeside = (name: string) => keepHash(readWhole(files, files.beside(header, name)));
  const volume = parseVolume(bytes, header, readBeside, options.note);
  return { volume, sha256: joined(hashes) };
}

/**
 * The hash that `imageFrom` gives, without decoding a voxel.
 *
 * @param role in a DICOM folder that holds both, the mask is its contours or segmentation
 * @throws NacreError `file-missing`, `path-escapes`
 */
export async function hashFrom(
  files: FileSource,
  text: string,
  role: 'image' | 'mask' = 'image',
): Promise<string> {
  const { path, part } = addressOf(files, text);
  if (isDicomPath(files, path)) {
    const options = { file: text, part, isMask: role === 'mask' };
    const { hashOfDicom } = await dicomReader();
    return hashOfPart(hashOfDicom(files, path, options), text, path);
  }
  const header = headerOf(files, path);
  const beside = voxelFileOf(files, header);
  const both = beside === undefined ? [header] : [header, files.beside(header, beside)];
  const hashes: string[] = [];
  for (const file of both) {
    hashes.push(
      await files.hash(file).catch((cause) => {
        throw unreadable('the image', file, cause);
      }),
    );
  }
  return joined(hashes);
}

function addressOf(files: FileSource, text: string): ImageAddress {
  return addressIn(text, (path) => files.exists(path));
}

/** Loaded for the first DICOM file: it is larger than all other readers together. */
const dicomReader = () => import('./dicom/read-dicom.ts');

/** A folder, or a file that begins like DICOM. */
function isDicomPath(files: FileSource, path: string): boolean {
  return reported(path, () => files.isFolder(path) || beginsLikeDicom(files, path));
}

/** Two parts of one file are two scans. */
function hashOfPart(hash: string, text: string, path: string): string {
  return text === path ? hash : sha256(`${hash}\n${text.slice(path.length)}`);
}

/** Files of other formats hold one volume, whose regions are labels. */
function requireWhole(text: string, path: string): void {
  if (text === path) return;
  throw new NacreError('bad-option', 'only DICOM has series, phases and named regions', {
    file: path,
    found: text.slice(path.length + 1),
    expected: 'a DICOM folder or file',
    todo: 'name the label of the region instead (--label)',
  });
}

function joined(hashes: readonly string[]): string {
  return hashes.length < 2 ? (hashes[0] ?? '') : sha256(hashes.join('\n'));
}

/** The header of a pair whose voxel file is named; else the file itself. */
function headerOf(files: FileSource, path: string): string {
  return headerNamesOf(path).find((name) => files.exists(name)) ?? path;
}

/** Name of the voxel file of a detached header; undefined for all other files. */
function voxelFileOf(files: FileSource, path: string): string | undefined {
  const bytes = reported(path, () => files.read(path, longestHeader));
  try {
    if (isNrrd(bytes)) return headerOfNrrd(bytes, path).header.dataFile;
    if (isMetaImage(bytes)) return headerOfMetaImage(bytes, path).header.dataFile;
    const nifti = isNifti(isGzip(bytes) ? unpackBeginning(bytes, path) : bytes);
    return nifti && isHeaderOfPair(path) ? voxelNameOf(path) : undefined;
  } catch {
    // Reading the image later reports this error.
    return undefined;
  }
}

/**
 * Reads the region of one label, or of all voxels from a threshold on.
 *
 * @throws NacreError of `volumeFrom` and `maskOfLabel`
 */
export async function maskFrom(
  files: FileSource,
  path: string,
  { grid, ...choice }: LabelChoice & Pick<ReadImageOptions, 'grid'> = {},
): Promise<Mask> {
  const { label, threshold } = choice;
  const volume = await volumeFrom(files, path, { grid, label, threshold });
  return maskOfLabel(volume, { ...choice, file: path });
}

/** Reads every label of a mask in one pass over the file, ascending. */
export async function masksFrom(
  files: FileSource,
  path: string,
): Promise<{ label: number; mask: Mask }[]> {
  const volume = await volumeFrom(files, path);
  const labels = labelsOf(volume, path);
  if (labels.length === 0) throw emptyMask(path);
  const masks = masksOfLabels(
    volume,
    labels.map(({ label }) => label),
  );
  return [...masks].map(([label, mask]) => ({ label, mask }));
}

/** A folder in which no DICOM image lies, called a link where it is one. */
function folderWithoutImage(
  files: FileSource,
  file: string,
  path: string,
  cause: NacreError,
): NacreError {
  const { entries, link } = files.contents(path);
  const images = entries.filter((name) => /\.(nii|nii\.gz|hdr|nrrd|nhdr|mha|mhd)$/i.test(name));
  return new NacreError('not-an-image', 'a folder is named, and there is no DICOM image in it', {
    file,
    found: `${link === undefined ? 'a folder' : `a symbolic link to the folder ${link}`} of ${entries.length} entries${images.length > 0 ? `, ${images.length} of them images of other formats` : ''}`,
    expected: 'a file (NIfTI, NRRD, MetaImage), or the folder of a DICOM series',
    todo: images.length > 0 ? `name the file in it, such as ${images[0]}` : 'correct the path',
    cause,
  });
}
