import { join } from 'node:path';
import { readVolume } from '../../src/machine/read-volume.ts';
import { type FilterImageOptions, filterImage } from '../../src/radiomics/filter-image.ts';
import { sharedFolder } from '../shared-folder.ts';
import { type ParityReport, SuiteSkipped } from './parity-row.ts';

/** IBSI 2: a response map agrees where no voxel is further from the reference than 1% of the reference's range. */
const share = 0.01;

interface MapTest {
  test: string;
  item: string;
  phantom: string;
  map: string;
  options: FilterImageOptions;
  /** Where the filter gives several maps. */
  band?: string;
}

const impulse = 'phantom_impulse.nii.gz';
const checkerboard = 'phantom_checkerboard.nii.gz';
const sphere = 'phantom_sphere.nii.gz';
const laws = { filter: 'Laws', lawsKernel: 'E5L5S5', boundary: 'zero' } as const;
const invariantLaws = { ...laws, rotationInvariance: 'max' } as const;

/** Parameters of the IBSI 2 reference manual, table of digital phantom tests. */
export const mapTests: readonly MapTest[] = [
  {
    test: '1.A.1',
    item: 'mean, 15 voxels, zero padding',
    phantom: checkerboard,
    map: 'id_1_checkerboard_CT_1A1_mean.nii.gz',
    options: { filter: 'Mean', meanSize: 15, boundary: 'zero' },
  },
  {
    test: '1.A.2',
    item: 'mean, 15 voxels, nearest value',
    phantom: checkerboard,
    map: 'id_1_checkerboard_CT_1A2_mean.nii.gz',
    options: { filter: 'Mean', meanSize: 15, boundary: 'nearest' },
  },
  {
    test: '1.A.3',
    item: 'mean, 15 voxels, periodic',
    phantom: checkerboard,
    map: 'id_1_checkerboard_CT_1A3_mean.nii.gz',
    options: { filter: 'Mean', meanSize: 15, boundary: 'periodic' },
  },
  {
    test: '1.B.1',
    item: 'mean, 15 × 15 voxels, zero padding',
    phantom: impulse,
    map: 'id_1_impulse_CT_1B1_mean.nii.gz',
    options: { filter: 'Mean', meanSize: 15, boundary: 'zero', force2D: true },
  },
  {
    test: '2.A',
    item: 'LoG 3 mm, cut-off 4 sigma, zero padding',
    phantom: impulse,
    map: 'id_2_impulse_CT_2A_log_s3.0.nii.gz',
    options: { filter: 'LoG', sigma: [3], boundary: 'zero' },
  },
  {
    test: '2.B',
    item: 'LoG 5 mm, cut-off 4 sigma, mirror',
    phantom: checkerboard,
    map: 'id_2_checkerboard_CT_2B_log_s5.0.nii.gz',
    options: { filter: 'LoG', sigma: [5], boundary: 'mirror' },
  },
  {
    test: '3.A.1',
    item: 'Laws E5L5S5, zero padding',
    phantom: impulse,
    map: 'id_3_impulse_CT_3A1_laws_E5L5S5.nii.gz',
    options: laws,
  },
  {
    test: '3.A.2',
    item: 'Laws E5L5S5, rotation invariant by max',
    phantom: impulse,
    map: 'id_3_impulse_CT_3A2_laws_E5L5S5_invar.nii.gz',
    options: invariantLaws,
  },
  {
    test: '3.A.3',
    item: 'the same, energy of 7 voxels',
    phantom: impulse,
    map: 'id_3_impulse_CT_3A3_laws_E5L5S5_energy_delta_7_invar.nii.gz',
    options: { ...invariantLaws, lawsEnergy: 7 },
  },
  {
    test: '3.C.1',
    item: 'Laws L5S5, mirror',
    phantom: checkerboard,
    map: 'id_3_checkerboard_CT_3C1_laws_L5S5.nii.gz',
    options: { filter: 'Laws', lawsKernel: 'L5S5', boundary: 'mirror', force2D: true },
  },
  {
    test: '4.A.1',
    item: 'Gabor 10 mm, 4 mm, γ 0.5, 60°, zero padding',
    phantom: impulse,
    map: 'id_4_impulse_CT_4A1_gabor_s_10.0_g_0.5_l_4.0_t_0.3333333333333333_3D.nii.gz',
    options: {
      filter: 'Gabor',
      gaborSigma: 10,
      gaborLambda: 4,
      gaborGamma: 0.5,
      gaborTheta: 60,
      boundary: 'zero',
    },
  },
  {
    test: '4.B.2',
    item: 'Gabor 20 mm, 8 mm, γ 2.5, steps of 22.5°, three planes, mirror',
    phantom: sphere,
    map: 'id_4_sphere_CT_4B2_gabor_s_20.0_g_2.5_l_8.0_t_0.0_tstep_0.125_3D_invar.nii.gz',
    options: {
      filter: 'Gabor',
      gaborSigma: 20,
      gaborLambda: 8,
      gaborGamma: 2.5,
      gaborThetaStep: 22.5,
      gaborPlanes: true,
      boundary: 'mirror',
    },
  },
  {
    test: '5.A.1',
    item: 'db2 LHL, level 1, zero padding',
    phantom: impulse,
    map: 'id_5_impulse_CT_5A1_wavelet_db2_LHL_level_1.nii.gz',
    options: { filter: 'Wavelet', wavelet: 'db2', boundary: 'zero' },
    band: 'LHL',
  },
  {
    test: '5.A.2',
    item: 'the same, rotation invariant by mean',
    phantom: impulse,
    map: 'id_5_impulse_CT_5A2_wavelet_db2_LHL_invar_level_1.nii.gz',
    options: { filter: 'Wavelet', wavelet: 'db2', boundary: 'zero', rotationInvariance: 'mean' },
    band: 'LHL',
  },
  {
    test: '6.A.1',
    item: 'coif1 HHL, level 1, periodic',
    phantom: sphere,
    map: 'id_6_sphere_CT_6A1_wavelet_coif1_HHL_level_1.nii.gz',
    options: { filter: 'Wavelet', wavelet: 'coif1', boundary: 'periodic' },
    band: 'HHL',
  },
  {
    test: '8.A.1',
    item: 'Simoncelli B map, level 1, periodic',
    phantom: checkerboard,
    map: 'id_8_checkerboard_CT_8A1_wavelet_simoncelli_B_level_1.nii.gz',
    options: { filter: 'Simoncelli', boundary: 'periodic' },
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
  { phantom, map, options, band }: MapTest,
): Promise<{ ours: number; reference: number; share: number }> {
  const { data: reference } = await readVolume(join(folder, map));
  const maps = filterImage(await readVolume(join(folder, phantom)), options);
  const wanted = maps.filter(({ name }) => band === undefined || name.split('-')[1] === band);
  if (wanted.length !== 1) throw new Error(`${wanted.length} maps of ${map}`);
  const { data: ours } = wanted[0].volume;
  let [low, high, at] = [reference[0], reference[0], 0];
  for (let i = 0; i < reference.length; i++) {
    low = Math.min(low, reference[i]);
    high = Math.max(high, reference[i]);
    if (Math.abs(ours[i] - reference[i]) > Math.abs(ours[at] - reference[at])) at = i;
  }
  const difference = ours.length === reference.length ? Math.abs(ours[at] - reference[at]) : NaN;
  return { ours: ours[at], reference: reference[at], share: difference / (high - low) };
}

/** The whole of every IBSI 2 response map that is here; the row shows the voxel that is furthest off. */
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
