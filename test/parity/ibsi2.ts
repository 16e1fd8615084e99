import { join } from 'node:path';
import { readVolume } from '../../src/imaging/read-volume.ts';
import type { Volume } from '../../src/imaging/volume.ts';
import { sampledLaplacianOfGaussian } from '../../src/radiomics/filters/sampled-laplacian-of-gaussian.ts';
import { waveletBand } from '../../src/radiomics/filters/wavelet.ts';
import { sharedFolder } from '../shared-folder.ts';
import { type ParityReport, SuiteSkipped } from './parity-row.ts';

/** IBSI 2: a response map agrees where no voxel is further from the reference than 1% of the reference's range. */
const share = 0.01;

interface MapTest {
  test: string;
  item: string;
  phantom: string;
  map: string;
  respond: (phantom: Volume) => Volume;
}

/** Parameters of the IBSI 2 reference manual, table of digital phantom tests. */
export const mapTests: readonly MapTest[] = [
  {
    test: '2.A',
    item: 'LoG 3 mm, cut-off 4 sigma, zero padding',
    phantom: 'phantom_impulse.nii.gz',
    map: 'id_2_impulse_CT_2A_log_s3.0.nii.gz',
    respond: (phantom) =>
      sampledLaplacianOfGaussian(phantom, { sigma: 3, boundary: 'zero' }).volume,
  },
  {
    test: '2.B',
    item: 'LoG 5 mm, cut-off 4 sigma, mirror',
    phantom: 'phantom_checkerboard.nii.gz',
    map: 'id_2_checkerboard_CT_2B_log_s5.0.nii.gz',
    respond: (phantom) =>
      sampledLaplacianOfGaussian(phantom, { sigma: 5, boundary: 'mirror' }).volume,
  },
  {
    test: '5.A.1',
    item: 'db2 LHL, level 1, zero padding',
    phantom: 'phantom_impulse.nii.gz',
    map: 'id_5_impulse_CT_5A1_wavelet_db2_LHL_level_1.nii.gz',
    respond: (phantom) => waveletBand(phantom, 'LHL', { wavelet: 'db2', boundary: 'zero' }),
  },
  {
    test: '6.A.1',
    item: 'coif1 HHL, level 1, periodic',
    phantom: 'phantom_sphere.nii.gz',
    map: 'id_6_sphere_CT_6A1_wavelet_coif1_HHL_level_1.nii.gz',
    respond: (phantom) => waveletBand(phantom, 'HHL', { wavelet: 'coif1', boundary: 'periodic' }),
  },
];

/** The folder of phantoms and reference maps, where it is. */
export function filterResponses(): string | undefined {
  const shared = sharedFolder();
  return shared === undefined ? undefined : join(shared, 'reference', 'ibsi', 'filter-responses');
}

/** Largest difference over the whole map, as a share of the reference's range. */
export async function worstOfMap(
  folder: string,
  { phantom, map, respond }: MapTest,
): Promise<{ ours: number; reference: number; share: number }> {
  const { data: reference } = await readVolume(join(folder, map));
  const { data: ours } = respond(await readVolume(join(folder, phantom)));
  let [low, high, at] = [reference[0], reference[0], 0];
  for (let i = 0; i < reference.length; i++) {
    low = Math.min(low, reference[i]);
    high = Math.max(high, reference[i]);
    if (Math.abs(ours[i] - reference[i]) > Math.abs(ours[at] - reference[at])) at = i;
  }
  const difference = ours.length === reference.length ? Math.abs(ours[at] - reference[at]) : NaN;
  return { ours: ours[at], reference: reference[at], share: difference / (high - low) };
}

/** The whole of four IBSI 2 response maps; the row shows the voxel that is furthest off. */
export default async function compare(): Promise<ParityReport> {
  const folder = filterResponses();
  if (folder === undefined) throw new SuiteSkipped('../shared (NACRE_SHARED) is not there');
  const rows: ParityReport['rows'] = [];
  for (const test of mapTests) {
    const worst = await worstOfMap(folder, test);
    rows.push({
      suite: 'ibsi2 response maps',
      case: test.test,
      item: test.item,
      ours: worst.ours,
      reference: worst.reference,
      tolerance: "1% of the map's range",
      ok: worst.share <= share,
      note: `worst voxel of the map, ${(100 * worst.share).toPrecision(2)}% of its range`,
    });
  }
  return { rows };
}
