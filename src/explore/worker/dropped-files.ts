import { namedFiles } from '../../imaging/named-files.ts';
import { volumeFrom } from '../../imaging/read-scan.ts';
import type { Volume } from '../../imaging/volume.ts';
import type { NoteAssumption } from '../../runtime/assumptions.ts';
import type { DroppedFile } from '../protocol.ts';

/** A scan and its mask as they were dropped. */
export interface DroppedPair {
  image: readonly DroppedFile[];
  mask: readonly DroppedFile[];
  label?: number | undefined;
}

/**
 * Reads a dropped scan and its mask with the readers of the command line, which find the dropped files in place of a disk.
 *
 * @returns both, and their names in messages
 * @throws NacreError of the readers
 */
export async function readDropped(
  { image: imageFiles, mask: maskFiles, label }: DroppedPair,
  note: NoteAssumption,
): Promise<{ image: Volume; labels: Volume; names: { image: string; mask: string } }> {
  const names = { image: nameOf(imageFiles), mask: nameOf(maskFiles) };
  const image = await volumeOf(imageFiles, names.image, { note });
  const labels = await volumeOf(maskFiles, names.mask, { grid: image, label, note });
  return { image, labels, names };
}

/** One after the other, so that the packed bytes of the scan are gone when the mask is read. */
async function volumeOf(
  files: readonly DroppedFile[],
  name: string,
  options: Parameters<typeof volumeFrom>[2],
): Promise<Volume> {
  const list = await Promise.all(
    files.map(async ({ path, file }) => ({
      name: path,
      bytes: new Uint8Array(await file.arrayBuffer()),
    })),
  );
  return volumeFrom(namedFiles(list), name, options);
}

/** The path that stands for what was dropped: a file, the header of several, or their folder. */
function nameOf(files: readonly DroppedFile[]): string {
  const header = files.find(({ path }) => /\.(hdr|nhdr|mhd)$/i.test(path));
  if (header !== undefined) return header.path;
  const [first] = files;
  if (files.length === 1) return first.path;
  return first.path.includes('/') ? first.path.split('/')[0] : '.';
}
