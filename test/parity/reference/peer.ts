import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { peerPython, peerVersions } from '../../../bench/peers/peer-environment.ts';
import { SuiteSkipped } from '../parity-row.ts';

/** What PyRadiomics is asked to measure. */
export interface PeerTask {
  id: string;
  image: string;
  mask: string;
  /** As a parameter file of PyRadiomics holds them. */
  parameters: object;
  /** Hand the image over as 64-bit floats. */
  double?: boolean;
}

export interface PeerCase {
  id: string;
  /** Null where PyRadiomics gives no number. */
  features?: Record<string, number | null>;
  error?: string;
}

/**
 * With AVX-512 some of numpy's functions end in other bits: on such a machine PyRadiomics gives another
 * lbp-3D pattern where neighbours tie (1 of 1,008 values), and agrees with itself elsewhere once these are off.
 */
const withoutAvx512 = 'AVX512F AVX512CD AVX512_SKX AVX512_CLX AVX512_CNL AVX512_ICL';

/**
 * Measures cases with PyRadiomics itself, in a virtual environment that is made on first use.
 *
 * @throws SuiteSkipped where it cannot be made
 */
export function measuredByPyRadiomics(tasks: readonly PeerTask[]): PeerCase[] {
  const script = fileURLToPath(
    new URL('../../../bench/peers/pyradiomics_extract.py', import.meta.url),
  );
  const { status, stdout, stderr } = spawnSync(peer(), [script], {
    input: JSON.stringify(tasks),
    encoding: 'utf8',
    maxBuffer: 2 ** 29,
    env: { ...process.env, NPY_DISABLE_CPU_FEATURES: withoutAvx512 },
  });
  if (status !== 0) throw new Error(`PyRadiomics broke off: ${stderr.trim().split('\n').at(-1)}`);
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as PeerCase);
}

/** Versions of PyRadiomics and of what it computes with, for the foot of a table. */
export function versionsOfPyRadiomics(): string {
  const versions = peerVersions(peer(), ['pyradiomics', 'SimpleITK', 'PyWavelets', 'numpy']);
  return Object.entries(versions)
    .map(([name, version]) => `${name} ${version}`)
    .join(', ');
}

function peer(): string {
  try {
    return peerPython('pyradiomics');
  } catch (error) {
    throw new SuiteSkipped((error as Error).message);
  }
}
