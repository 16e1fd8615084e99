import type { LabelChoice } from '../imaging/mask-labels.ts';
import {
  hashFrom,
  imageFrom,
  maskFrom,
  masksFrom,
  type ReadImage,
  type ReadImageOptions,
  volumeFrom,
} from '../imaging/read-scan.ts';
import type { Mask, Volume } from '../imaging/volume.ts';
import { withDisplay } from '../runtime/jupyter-display.ts';
import { diskFiles } from './disk-files.ts';

/**
 * Reads a scan: NIfTI-1 or -2 (plain or gzip, single or .hdr/.img), ANALYZE 7.5, NRRD and MetaImage (attached or detached), a DICOM
 * file or a folder of them, distinguished by content, not by name (but for ANALYZE, which has no mark of its own). The path may name a part of a folder or file (`imageAddress`).
 *
 * @returns voxels in the file's own type (floating point where the header rescales them), geometry in LPS mm
 * @throws NacreError naming the file, if it cannot be read as one whole volume
 */
export async function readVolume(path: string, options: ReadImageOptions = {}): Promise<Volume> {
  return withDisplay(await volumeFrom(diskFiles, path, options));
}

/** Reads a scan as `readVolume` does and hashes exactly the bytes that were read, since the file may change later. */
export async function readImage(path: string, options: ReadImageOptions = {}): Promise<ReadImage> {
  return imageFrom(diskFiles, path, options);
}

/**
 * The hash that `readImage` gives, without decoding a voxel.
 *
 * @param role in a DICOM folder that holds both, the mask is its contours or segmentation
 * @throws NacreError `file-missing`, `path-escapes`
 */
export async function hashOfImage(path: string, role: 'image' | 'mask' = 'image'): Promise<string> {
  return hashFrom(diskFiles, path, role);
}

/**
 * Reads the region of one label, or of all voxels from a threshold on.
 *
 * @throws NacreError of `readVolume` and `maskOfLabel`
 */
export async function readMask(
  path: string,
  choice: LabelChoice & Pick<ReadImageOptions, 'grid'> = {},
): Promise<Mask> {
  return withDisplay(await maskFrom(diskFiles, path, choice));
}

/** Reads every label of a mask in one pass over the file, ascending. */
export async function readMasks(path: string): Promise<{ label: number; mask: Mask }[]> {
  const masks = await masksFrom(diskFiles, path);
  for (const { mask } of masks) withDisplay(mask);
  return masks;
}
