import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { maskOfLabel } from '../../src/imaging/mask-labels.ts';
import { readVolume } from '../../src/machine/read-volume.ts';
import { writeNifti } from '../../src/machine/write-nifti.ts';
import { peerPython, peerVersions } from '../peers/peer-environment.ts';
import { type Worker, worker } from './worker.ts';

/** A program that is timed in each pass beside nacre and PyRadiomics. */
export interface FurtherPeer {
  name: 'flash-radiomics' | 'Pictologics';
  /** With versions. */
  title: string;
  /** Starts a process of it. */
  start(): Worker;
}

const peersFolder = fileURLToPath(new URL('../peers/', import.meta.url));

/** Those that can be installed here; for the others a line on stderr says why they are left out. */
export function furtherPeers(): FurtherPeer[] {
  const found: FurtherPeer[] = [];
  const add = (name: FurtherPeer['name'], folder: string, packages: string[], base?: string) => {
    try {
      const python = peerPython(folder, base);
      const versions = Object.entries(peerVersions(python, packages));
      const title = versions.map(([one, version]) => `${one} ${version}`).join(', ');
      const script = join(peersFolder, `${folder}_peer.py`);
      found.push({ name, title, start: () => worker(python, [script]) });
    } catch (error) {
      process.stderr.write(`bench radiomics without ${name}: ${(error as Error).message}\n`);
    }
  };
  add('flash-radiomics', 'flash', ['flash-radiomics', 'h5py']);
  add('Pictologics', 'pictologics', ['pictologics', 'numba'], newPython() ?? 'python3.12');
  return found;
}

/** A Python that Pictologics can run on (3.12 or newer). */
function newPython(): string | undefined {
  return ['python3.14', 'python3.13', 'python3.12', 'python3'].find((command) => {
    const { status } = spawnSync(command, [
      '-c',
      'import sys; sys.exit(sys.version_info < (3, 12))',
    ]);
    return status === 0;
  });
}

/**
 * NIfTI copies of scans and masks for a peer that reads no NRRD, the mask 1 in the region.
 *
 * @returns paths by the name of the case, and what removes them
 */
export async function niftiCopies(
  cases: readonly { name: string; image: string; mask: string }[],
): Promise<{ files: Map<string, { image: string; mask: string }>; remove: () => void }> {
  const folder = mkdtempSync(join(tmpdir(), 'nacre-bench-radiomics-'));
  const files = new Map<string, { image: string; mask: string }>();
  for (const [n, { name, image, mask }] of cases.entries()) {
    const paths = { image: join(folder, `${n}-image.nii`), mask: join(folder, `${n}-mask.nii`) };
    writeNifti(paths.image, await readVolume(image));
    writeNifti(paths.mask, maskOfLabel(await readVolume(mask), { label: 1 }));
    files.set(name, paths);
  }
  return { files, remove: () => rmSync(folder, { recursive: true }) };
}
