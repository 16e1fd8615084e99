import {
  closeSync,
  existsSync,
  lstatSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  realpathSync,
  statSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import type { NoteAssumption } from '../runtime/assumptions.ts';
import { NacreError } from '../runtime/errors.ts';
import { sha256, sha256OfFile } from '../runtime/hash.ts';
import { unreadable } from '../runtime/unreadable.ts';
import { beginsLikeDicom } from './dicom/folder.ts';
import { hashOfDicom, readDicom } from './dicom/read-dicom.ts';
import { fileKind } from './file-kind.ts';
import { parseImageAddress } from './image-address.ts';
import {
  emptyMask,
  type LabelChoice,
  labelsOf,
  maskOfLabel,
  masksOfLabels,
} from './mask-labels.ts';
import { headerOfMetaImage, isMetaImage, parseMetaImage } from './meta-image.ts';
import { isNifti, parseNifti } from './nifti.ts';
import { headerNamesOf, isHeaderOfPair, isVoxelsOfPair, voxelNameOf } from './nifti-pair.ts';
import { headerOfNrrd, isNrrd, longestHeader, parseNrrd } from './nrrd.ts';
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
export async function readVolume(path: string, options: ReadImageOptions = {}): Promise<Volume> {
  return (await readScan(path, { ...options, withoutHash: true })).volume;
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

/** Reads a scan as `readVolume` does and hashes exactly the bytes that were read, since the file may change later. */
export async function readImage(text: string, options: ReadImageOptions = {}): Promise<ReadImage> {
  return readScan(text, options);
}

async function readScan(
  text: string,
  options: ReadImageOptions & { withoutHash?: boolean },
): Promise<ReadImage> {
  const { path, part } = parseImageAddress(text);
  if (isDicomPath(path)) {
    const { volume, sha256: hash } = await readDicom(path, { ...options, file: text, part }).catch(
      (error: unknown) => {
        throw error instanceof NacreError && error.code === 'not-an-image' && isFolder(path)
          ? folderWithoutImage(text, path, error)
          : error;
      },
    );
    return { volume, sha256: hashOfPart(hash, text, path) };
  }
  requireWhole(text, path);
  const header = headerOf(path);
  const bytes = readBytes(header);
  const hashes = [sha256(bytes)];
  const readBeside = (name: string) => {
    const beside = readBytes(besideOf(header, name));
    hashes.push(sha256(beside));
    return beside;
  };
  const volume = parseVolume(bytes, header, readBeside, options.note);
  return { volume, sha256: joined(hashes) };
}

/**
 * The hash that `readImage` gives, without decoding a voxel.
 *
 * @param role in a DICOM folder that holds both, the mask is its contours or segmentation
 * @throws NacreError `file-missing`, `path-escapes`
 */
export async function hashOfImage(text: string, role: 'image' | 'mask' = 'image'): Promise<string> {
  const { path, part } = parseImageAddress(text);
  if (isDicomPath(path)) {
    const options = { file: text, part, isMask: role === 'mask' };
    return hashOfPart(hashOfDicom(path, options), text, path);
  }
  const header = headerOf(path);
  const beside = voxelFileOf(header);
  const files = beside === undefined ? [header] : [header, besideOf(header, beside)];
  const hashes: string[] = [];
  for (const file of files) {
    try {
      hashes.push(await sha256OfFile(file));
    } catch (cause) {
      throw unreadable('the image', file, cause);
    }
  }
  return joined(hashes);
}

/** A folder, or a file that begins like DICOM. */
function isDicomPath(path: string): boolean {
  try {
    return statSync(path).isDirectory() || beginsLikeDicom(path);
  } catch (cause) {
    throw unreadable('the image', path, cause);
  }
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
  return hashes.length === 1 ? hashes[0] : sha256(hashes.join('\n'));
}

/** The header of a pair whose voxel file is named; else the file itself. */
function headerOf(path: string): string {
  return headerNamesOf(path).find((name) => existsSync(name)) ?? path;
}

/** Name of the voxel file of a detached header; undefined for all other files. */
function voxelFileOf(path: string): string | undefined {
  const beginning = Buffer.alloc(longestHeader);
  let length: number;
  try {
    const file = openSync(path, 'r');
    try {
      length = readSync(file, beginning, 0, beginning.length, 0);
    } finally {
      closeSync(file);
    }
  } catch (cause) {
    throw unreadable('the image', path, cause);
  }
  const bytes = beginning.subarray(0, length);
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
 * The same from the bytes of a file.
 *
 * @param note receives the choices made where the header is incomplete or contradictory
 */
export function parseVolume(
  bytes: Uint8Array,
  file: string,
  readBeside?: (name: string) => Uint8Array,
  note?: NoteAssumption,
): Volume {
  if (isNrrd(bytes)) return parseNrrd(bytes, file, readBeside, note);
  if (isMetaImage(bytes)) return parseMetaImage(bytes, file, readBeside, note);
  if (isNifti(isGzip(bytes) ? unpackBeginning(bytes, file) : bytes)) {
    return parseNifti(bytes, file, note, readBeside);
  }
  throw new NacreError('not-an-image', 'the file is not an image that nacre reads', {
    file,
    expected:
      'NIfTI (.nii, .nii.gz, .hdr with .img), NRRD (.nrrd, .nhdr), MetaImage (.mha, .mhd) or DICOM',
    ...(isVoxelsOfPair(file)
      ? {
          found: 'the voxels of a pair (.img) without their header',
          todo: 'put the header of the same name (.hdr) beside it',
        }
      : fileKind(bytes, file)),
  });
}

/**
 * Reads the region of one label, or of all voxels from a threshold on.
 *
 * @throws NacreError of `readVolume` and `maskOfLabel`
 */
export async function readMask(
  path: string,
  { grid, ...choice }: LabelChoice & Pick<ReadImageOptions, 'grid'> = {},
): Promise<Mask> {
  const { label, threshold } = choice;
  const volume = await readVolume(path, { grid, label, threshold });
  return maskOfLabel(volume, { ...choice, file: path });
}

/** Reads every label of a mask in one pass over the file, ascending. */
export async function readMasks(path: string): Promise<{ label: number; mask: Mask }[]> {
  const volume = await readVolume(path);
  const labels = labelsOf(volume, path);
  if (labels.length === 0) throw emptyMask(path);
  const masks = masksOfLabels(
    volume,
    labels.map(({ label }) => label),
  );
  return [...masks].map(([label, mask]) => ({ label, mask }));
}

/** The voxel file of a detached header: in the header's folder, also when it is a symbolic link. */
function besideOf(header: string, name: string): string {
  const plain = join(dirname(header), name);
  // The voxels of a pair may be packed.
  const path = !existsSync(plain) && existsSync(`${plain}.gz`) ? `${plain}.gz` : plain;
  if (!existsSync(path) || dirname(realpathSync(path)) === realpathSync(dirname(header)))
    return path;
  throw new NacreError(
    'path-escapes',
    'the voxel file is a link that leads out of the folder of its header',
    {
      file: header,
      found: name,
      expected: 'a file beside the header',
      todo: 'copy the voxel file there',
    },
  );
}

function readBytes(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (cause) {
    throw unreadable('the image', path, cause);
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

/** A folder in which no DICOM image lies, called a link where it is one. */
function folderWithoutImage(file: string, path: string, cause: NacreError): NacreError {
  const link = lstatSync(path).isSymbolicLink();
  const entries = readdirSync(path);
  const images = entries.filter((name) => /\.(nii|nii\.gz|hdr|nrrd|nhdr|mha|mhd)$/i.test(name));
  return new NacreError('not-an-image', 'a folder is named, and there is no DICOM image in it', {
    file,
    found: `${link ? `a symbolic link to the folder ${realpathSync(path)}` : 'a folder'} of ${entries.length} entries${images.length > 0 ? `, ${images.length} of them images of other formats` : ''}`,
    expected: 'a file (NIfTI, NRRD, MetaImage), or the folder of a DICOM series',
    todo: images.length > 0 ? `name the file in it, such as ${images[0]}` : 'correct the path',
    cause,
  });
}
