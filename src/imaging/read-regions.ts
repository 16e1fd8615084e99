import { type Assumption, AssumptionLog, type NoteAssumption } from '../runtime/assumptions.ts';
import { NacreError } from '../runtime/errors.ts';
import type { FileSource } from './file-source.ts';
import { orientationMissing } from './grid-axes.ts';
import { imageFrom } from './read-scan.ts';
import { type RegionChoice, type TumourRegions, tumourRegions } from './tumour-regions.ts';
import type { Volume } from './volume.ts';

/** A scan with its regions, and the hashes of the bytes that they were decoded from. */
export interface ScanWithRegions {
  scan: Volume;
  regions: TumourRegions;
  sha256: { image: string; mask: string };
}

export interface ReadRegionsOptions extends RegionChoice {
  /** Hashes that the files must have, so that a result stored under a hash comes from exactly those bytes. */
  sha256?: { image: string; mask: string } | undefined;
  /** Receives the choices made where headers are incomplete or contradictory. */
  note?: NoteAssumption | undefined;
}

/**
 * Reads a scan and its mask and draws the regions.
 *
 * @throws NacreError of the readers and of `tumourRegions`; `file-changed` where the bytes are not those of `sha256`
 */
export async function regionsFrom(
  files: { image: FileSource; mask: FileSource },
  { image, mask }: { image: string; mask: string },
  { sha256: planned, note, ...choice }: ReadRegionsOptions = {},
): Promise<ScanWithRegions> {
  const found = new AssumptionLog();
  const scan = await imageFrom(files.image, image, { note: found.note });
  const { label, maskThreshold: threshold } = choice;
  const labels = await imageFrom(files.mask, mask, {
    grid: scan.volume,
    label,
    threshold,
    note: found.note,
  });
  for (const assumption of found.list()) note?.(assumption);
  if (planned !== undefined) {
    requireSameBytes(image, planned.image, scan.sha256);
    requireSameBytes(mask, planned.mask, labels.sha256);
  }
  return {
    scan: scan.volume,
    regions: explainMismatch({ image, mask }, found.list(), () =>
      tumourRegions(scan.volume, labels.volume, { file: mask, ...choice }),
    ),
    sha256: { image: scan.sha256, mask: labels.sha256 },
  };
}

function requireSameBytes(file: string, planned: string, read: string): void {
  if (planned === read) return;
  throw new NacreError('file-changed', 'the file changed during the run', {
    file,
    found: `sha256 ${read} when it was read`,
    expected: `sha256 ${planned}, as when the run began`,
    todo: 'run it again when nothing writes to the file: finished results are kept',
  });
}

/**
 * Runs a step on a pair. If the grids differ and one header does not define its orientation, the error reports that,
 * since the voxels may still match.
 */
export function explainMismatch<T>(
  { image, mask }: { image: string; mask: string },
  assumptions: readonly Assumption[],
  step: () => T,
): T {
  try {
    return step();
  } catch (error) {
    if (!(error instanceof NacreError) || error.code !== 'geometry-mismatch') throw error;
    const unsure = assumptions.filter(({ kind }) => kind === orientationMissing);
    if (unsure.length === 0) throw error;
    const which =
      unsure.length === 2
        ? 'both headers do'
        : `the header of the ${unsure[0].file === mask && mask !== image ? 'mask' : 'image'} does`;
    throw new NacreError('geometry-mismatch', `${which} not say how the grid lies in the patient`, {
      ...error.facts,
      found: `${unsure.map(({ found }) => found).join('; ')}; read as: ${unsure[0].taken}; then the grids differ: ${error.facts.found}`,
      todo: 'ITK and 3D Slicer read such a NIfTI file the other way round (LPS): write it again with an orientation (a qform or sform code), as a copy of the header of its partner',
      cause: error,
    });
  }
}
