import { type NamedFile, namedFiles } from '../imaging/named-files.ts';
import { isHeaderOfPair } from '../imaging/nifti-pair.ts';
import {
  type ReadRegionsOptions,
  regionsFrom,
  type ScanWithRegions,
} from '../imaging/read-regions.ts';
import { type ReadImageOptions, volumeFrom } from '../imaging/read-scan.ts';
import type { Volume } from '../imaging/volume.ts';

/** A file that a page was given: `File` has these fields. */
export interface PageFile {
  readonly name: string;
  /** Set where a folder was chosen. */
  readonly webkitRelativePath?: string;
  arrayBuffer(): Promise<ArrayBuffer>;
}

/** Reads the bytes of files that were dropped or chosen, with their paths where a folder was chosen. */
export async function filesOf(files: Iterable<PageFile>): Promise<NamedFile[]> {
  return Promise.all(
    Array.from(files, async (file) => ({
      name: file.webkitRelativePath || file.name,
      bytes: new Uint8Array(await file.arrayBuffer()),
    })),
  );
}

/**
 * Reads a scan: NIfTI-1 or -2 (plain or gzip, single or .hdr/.img), ANALYZE 7.5, NRRD and MetaImage (attached or detached), or DICOM,
 * distinguished by content.
 *
 * @param files one file, a header with its voxel file, or the files of a DICOM series
 * @param options `part` names a part of a DICOM folder, as behind the # of a path: `phase=2`
 * @throws NacreError naming the file, if it cannot be read as one whole volume
 */
export async function readVolume(
  files: readonly NamedFile[],
  { part, ...options }: ReadImageOptions & { part?: string | undefined } = {},
): Promise<Volume> {
  return volumeFrom(namedFiles(files), addressOf(files, part), options);
}

/**
 * Reads a scan and its mask and draws the regions: the tumour and the ring around it.
 *
 * @param files each as `readVolume` takes them
 * @throws NacreError of `readVolume` and of `tumourRegions`
 */
export async function readRegions(
  { image, mask }: { image: readonly NamedFile[]; mask: readonly NamedFile[] },
  options: ReadRegionsOptions = {},
): Promise<ScanWithRegions> {
  return regionsFrom(
    { image: namedFiles(image), mask: namedFiles(mask) },
    { image: addressOf(image), mask: addressOf(mask) },
    options,
  );
}

/** The only file, the only header, or the folder of all. */
function addressOf(files: readonly NamedFile[], part?: string | undefined): string {
  const names = files.map(({ name }) => name);
  const headers = names.filter((name) => isHeaderOfPair(name) || /\.(nhdr|mhd)$/i.test(name));
  const path = names.length === 1 ? names[0] : headers.length === 1 ? headers[0] : '.';
  return part === undefined ? path : `${path}#${part}`;
}
