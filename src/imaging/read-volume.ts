import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { NacreError } from '../runtime/errors.ts';
import { isNifti, parseNifti } from './nifti.ts';
import { isNrrd, parseNrrd } from './nrrd.ts';
import { isGzip, unpackBeginning } from './unpack.ts';
import { geometryOf, type Mask, type Volume } from './volume.ts';

/**
 * Reads a scan: NIfTI-1 or -2 (plain or gzip) or NRRD (attached or detached), told apart by content, not by name.
 *
 * @returns voxels in the file's own type (floating point where the header rescales them), geometry in LPS mm
 * @throws NacreError naming the file, for whatever cannot be read as one whole volume
 */
export async function readVolume(path: string): Promise<Volume> {
  return parseVolume(readBytes(path), path, (name) => readBytes(besideOf(path, name)));
}

/** The same from the bytes of a file. */
export function parseVolume(
  bytes: Uint8Array,
  file: string,
  readBeside?: (name: string) => Uint8Array,
): Volume {
  if (isNrrd(bytes)) return parseNrrd(bytes, file, readBeside);
  if (isNifti(isGzip(bytes) ? unpackBeginning(bytes, file) : bytes)) return parseNifti(bytes, file);
  throw new NacreError('not-an-image', 'the file is no image that nacre reads', {
    file,
    found: bytes.length === 0 ? 'an empty file' : `a file that begins with ${hex(bytes)}`,
    expected: 'NIfTI (.nii, .nii.gz) or NRRD (.nrrd, .nhdr)',
    todo: 'convert it, for DICOM with dcm2niix',
  });
}

/** The labels of a mask and how many voxels each has, ascending; 0 is background and left out. */
export function labelsOf(labels: Volume, file?: string): { label: number; voxels: number }[] {
  const counts = new Map<number, number>();
  let last = 0;
  let run = 0;
  // Labels come in long runs: the map is asked once a run, not once a voxel.
  for (let i = 0; i < labels.data.length; i++) {
    if (labels.data[i] === last) {
      run++;
      continue;
    }
    counts.set(last, (counts.get(last) ?? 0) + run);
    last = labels.data[i];
    run = 1;
    if (counts.size > 65536) break;
  }
  counts.set(last, (counts.get(last) ?? 0) + run);
  counts.delete(0);
  const values = [...counts.keys()];
  if (counts.size > 65535 || values.some((value) => !Number.isInteger(value) || value < 0)) {
    throw new NacreError('not-a-mask', 'the mask holds values that are no labels', {
      file,
      found: `values such as ${values.slice(0, 3).join(', ')}`,
      expected: 'whole numbers, 0 outside',
      todo: 'check that image and mask are not exchanged, or threshold the mask',
    });
  }
  return [...counts]
    .map(([label, voxels]) => ({ label, voxels }))
    .sort((a, b) => a.label - b.label);
}

export interface ReadMaskOptions {
  /** Which label is the region. Default: 1, as in PyRadiomics. */
  label?: number | undefined;
}

/**
 * Reads the region of one label.
 *
 * @throws NacreError `empty-mask` where there is no label at all, `wrong-label` naming those there are, `not-a-mask`
 */
export async function readMask(path: string, { label = 1 }: ReadMaskOptions = {}): Promise<Mask> {
  return maskOfLabel(await readVolume(path), label, path);
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

/** The regions of several labels in one pass over the voxels, in the order asked for; a label without voxels is empty. */
export function masksOfLabels(labels: Volume, wanted: readonly number[]): Map<number, Mask> {
  const { data } = labels;
  const geometry = geometryOf(labels);
  const masks = new Map(
    wanted.map((label) => [label, { ...geometry, data: new Uint8Array(data.length) }]),
  );
  let last = 0;
  let inside: Uint8Array | undefined;
  // Labels come in long runs: the map is asked once a run.
  for (let i = 0; i < data.length; i++) {
    if (data[i] !== last) {
      last = data[i];
      inside = masks.get(last)?.data;
    }
    if (inside !== undefined) inside[i] = 1;
  }
  return masks;
}

/** The region of one label of a label volume. */
export function maskOfLabel(labels: Volume, label: number, file?: string): Mask {
  const { data } = labels;
  const inside = new Uint8Array(data.length);
  let count = 0;
  for (let i = 0; i < data.length; i++) {
    if (data[i] === label) {
      inside[i] = 1;
      count++;
    }
  }
  if (count === 0) {
    const known = labelsOf(labels, file);
    if (known.length === 0) throw emptyMask(file);
    throw new NacreError('wrong-label', 'the mask has no voxel of this label', {
      file,
      found: `labels ${known.map((entry) => `${entry.label} (${entry.voxels} voxels)`).join(', ')}`,
      expected: `label ${label}`,
      todo: 'name one of these (--label)',
    });
  }
  return { ...geometryOf(labels), data: inside };
}

function emptyMask(file: string | undefined): NacreError {
  return new NacreError('empty-mask', 'the mask is empty', {
    file,
    found: '0 voxels',
    expected: 'a region of at least one voxel',
    todo: 'draw the region or leave the patient out',
  });
}

/** The voxel file of a detached header: in the header's folder, also when it is a symbolic link. */
function besideOf(header: string, name: string): string {
  const path = join(dirname(header), name);
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
    throw new NacreError('file-missing', 'cannot read the image', {
      file: path,
      found: (cause as NodeJS.ErrnoException).code,
      expected: 'a readable file',
      todo: 'check the path',
      cause,
    });
  }
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes.subarray(0, 4)).toString('hex');
}
