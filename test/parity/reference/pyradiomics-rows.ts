import { readVolume } from '../../../src/machine/read-volume.ts';
import type { ExtractedFeatures } from '../../../src/radiomics/checked-extractor.ts';
import { RadiomicsExtractor } from '../../../src/radiomics/extractor.ts';
import { type ParityReport, type ParityRow, relativeDifference } from '../parity-row.ts';
import { missReason } from './miss-reason.ts';
import { measuredByPyRadiomics, versionsOfPyRadiomics } from './peer.ts';

/** How rows of a suite are compared. */
export interface PyRadiomicsSuite {
  suite: string;
  /** Largest relative difference, as a number and as text. */
  tolerance: number;
  toleranceText: string;
}

/** Our features beside those of PyRadiomics, value by value; a miss has its reason. */
export function pyRadiomicsRows(
  { suite, tolerance, toleranceText }: PyRadiomicsSuite,
  id: string,
  { features, reasons }: ExtractedFeatures,
  theirs: Iterable<readonly [string, number | null]>,
): ParityRow[] {
  return Array.from(theirs, ([item, value]) => {
    const reference = value ?? Number.NaN;
    const ours = features[item] ?? Number.NaN;
    const ok = relativeDifference(ours, reference) <= tolerance;
    const note = ok ? undefined : missReason(item, ours, reference, reasons[item]);
    const row = { suite, case: id, item, ours, reference, tolerance: toleranceText, ok };
    return note === undefined ? row : { ...row, note };
  });
}

/** A case measured by PyRadiomics itself in a virtual environment, and by us. */
export interface LiveCase {
  id: string;
  image: string;
  mask: string;
  parameters: object;
  /** Voxels are handed over as doubles. */
  double?: boolean;
}

export async function compareLive(
  suite: PyRadiomicsSuite,
  cases: readonly LiveCase[],
): Promise<ParityReport> {
  const found = measuredByPyRadiomics([...cases]);
  const rows: ParityRow[] = [];
  for (const [at, { id, image, mask, parameters, double }] of cases.entries()) {
    const { features: theirs, error } = found[at];
    if (theirs === undefined) throw new Error(`PyRadiomics failed on ${id}: ${error}`);
    const scan = await readVolume(image);
    const ours = new RadiomicsExtractor(parameters as never).execute(
      double ? { ...scan, data: Float64Array.from(scan.data as ArrayLike<number>) } : scan,
      await readVolume(mask),
    );
    rows.push(...pyRadiomicsRows(suite, id, ours, Object.entries(theirs)));
  }
  return { rows, remarks: [versionsOfPyRadiomics()] };
}
