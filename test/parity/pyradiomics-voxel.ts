import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { peerPython } from '../../bench/peers/peer-environment.ts';
import { readVolume } from '../../src/machine/read-volume.ts';
import { sharedFolder } from '../shared-folder.ts';
import { type ParityReport, type ParityRow, SuiteSkipped } from './parity-row.ts';

export const scope = 'parity-only';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const tolerance = 1e-6;

/**
 * PyRadiomics' exampleVoxel.yaml (AIM-Harvard/pyradiomics, examples/exampleSettings) on brain1 and breast1, measured by PyRadiomics and
 * by us in one run, each on one thread: every voxel of the map, and the ratio of processor times (best of several), which other work
 * on the machine disturbs least, and of peak memory.
 */
export default async function compare(): Promise<ParityReport> {
  const shared = sharedFolder();
  if (shared === undefined) throw new SuiteSkipped('../shared (NACRE_SHARED) is not there');
  const parameters = here('../fixtures/parameter-files/exampleVoxel.yaml');
  const folder = mkdtempSync(join(tmpdir(), 'nacre-voxel-'));
  try {
    const one = { OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1', NACRE_SHARED: shared };
    const theirs = JSON.parse(
      execFileSync(
        peerPython('pyradiomics'),
        [here('../../bench/peers/voxel_maps_reference.py'), 'live', parameters, folder],
        { encoding: 'utf8', env: { ...process.env, ...one }, stdio: ['ignore', 'pipe', 'ignore'] },
      ),
    ) as { seconds: Record<string, number>; peakBytes: number };
    const run = spawnSync(
      process.execPath,
      [
        '--import',
        'tsx',
        here('../../bench/maps/nacre-maps.ts'),
        here('../../src'),
        parameters,
        folder,
      ],
      { encoding: 'utf8', env: { ...process.env, ...one } },
    );
    if (run.status !== 0) throw new Error(run.stderr);
    const ours = JSON.parse(run.stdout) as typeof theirs;
    const rows: ParityRow[] = [];
    const remarks: string[] = [];
    for (const patient of Object.keys(theirs.seconds)) {
      rows.push(await worstVoxel(folder, patient));
      const [a, b] = [theirs.seconds[patient], ours.seconds[patient]];
      remarks.push(
        `${patient}: PyRadiomics ${(1000 * a).toFixed(0)} ms, nacre ${(1000 * b).toFixed(1)} ms of one processor: ${(a / b).toFixed(0)} times faster`,
      );
      rows.push({
        suite: 'pyradiomics voxel maps',
        case: patient,
        item: 'times faster',
        ours: a / b,
        reference: 20,
        tolerance: 'at least 20',
        ok: a / b >= 20,
      });
    }
    const megabytes = (bytes: number) => Math.round(bytes / 1e6);
    rows.push({
      suite: 'pyradiomics voxel maps',
      case: 'both',
      item: 'peak memory, MB',
      ours: megabytes(ours.peakBytes),
      reference: megabytes(theirs.peakBytes),
      tolerance: 'below',
      ok: ours.peakBytes < theirs.peakBytes,
    });
    return { rows, remarks };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The voxel of the map that is furthest off, on one grid, NaN at the same places. */
async function worstVoxel(folder: string, patient: string): Promise<ParityRow> {
  const name = 'original_glcm_JointEntropy';
  const theirs = await readVolume(join(folder, `${patient}_${name}.nrrd`));
  const file = join(folder, patient, `${name}.nii.gz`);
  if (!existsSync(file)) throw new Error(`no map ${file}`);
  const ours = await readVolume(file);
  let at = 0;
  let same = ours.data.length === theirs.data.length;
  const off = (i: number) => Math.abs(ours.data[i] - theirs.data[i]);
  for (let i = 0; i < theirs.data.length; i++) {
    if (Number.isNaN(ours.data[i]) !== Number.isNaN(theirs.data[i])) same = false;
    if (!(off(i) <= off(at))) at = Number.isNaN(off(i)) ? at : i;
  }
  const where = ours.origin.every((mm, axis) => Math.abs(mm - theirs.origin[axis]) < 1e-3);
  return {
    suite: 'pyradiomics voxel maps',
    case: patient,
    item: `${name}, worst voxel`,
    ours: ours.data[at],
    reference: theirs.data[at],
    tolerance: `${tolerance} at every voxel`,
    ok: same && where && !(off(at) > tolerance),
  };
}
