import type { NoteAssumption } from '../runtime/assumptions.ts';
import { NacreError } from '../runtime/errors.ts';
import { readImage } from './read-volume.ts';
import { type RegionChoice, type TumourRegions, tumourRegions } from './tumour-regions.ts';
import type { Volume } from './volume.ts';

/** A scan with its regions, and the hashes of the bytes that they were decoded from. */
export interface ScanWithRegions {
  scan: Volume;
  regions: TumourRegions;
  sha256: { image: string; mask: string };
}

export interface ReadRegionsOptions extends RegionChoice {
  /** Hashes that the files must have: what is kept under a hash is made from exactly the bytes of that hash. */
  sha256?: { image: string; mask: string } | undefined;
  note?: NoteAssumption | undefined;
}

/**
 * Reads a scan and its mask and draws the regions.
 *
 * @throws NacreError of the readers and of `tumourRegions`; `file-changed` where the bytes are not those of `sha256`
 */
export async function readRegions(
  { image, mask }: { image: string; mask: string },
  { sha256: planned, note, ...choice }: ReadRegionsOptions = {},
): Promise<ScanWithRegions> {
  const scan = await readImage(image, { note });
  const { label, maskThreshold: threshold } = choice;
  const labels = await readImage(mask, { grid: scan.volume, label, threshold, note });
  if (planned !== undefined) {
    requireSameBytes(image, planned.image, scan.sha256);
    requireSameBytes(mask, planned.mask, labels.sha256);
  }
  return {
    scan: scan.volume,
    regions: tumourRegions(scan.volume, labels.volume, { file: mask, ...choice }),
    sha256: { image: scan.sha256, mask: labels.sha256 },
  };
}

function requireSameBytes(file: string, planned: string, read: string): void {
  if (planned === read) return;
  throw new NacreError('file-changed', 'the file changed while the run went on', {
    file,
    found: `sha256 ${read} when it was read`,
    expected: `sha256 ${planned}, as when the run began`,
    todo: 'run it again once nothing writes to the file: what was done is kept',
  });
}
