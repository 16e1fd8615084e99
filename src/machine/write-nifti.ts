import { niftiBytes, type WriteNiftiOptions } from '../imaging/nifti-bytes.ts';
import type { Volume } from '../imaging/volume.ts';
import { writeWhole } from '../runtime/write-whole.ts';

/**
 * Writes a volume or mask as NIfTI-1, packed where the path ends in `.gz` (see `niftiBytes`). Same volume, same bytes.
 *
 * @throws NacreError `write-failed`; nothing is left half written
 * @example
 * writeNifti('ring.nii.gz', peritumoralRing(tumour, { outer: 5 }));
 */
export function writeNifti(path: string, volume: Volume, options: WriteNiftiOptions = {}): void {
  writeWhole(path, niftiBytes(volume, { gzip: path.endsWith('.gz'), ...options }));
}
