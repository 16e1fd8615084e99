import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { niftiBytes } from '../../src/imaging/nifti-bytes.ts';
import { readVolume } from '../../src/machine/read-volume.ts';
import type { ParityReport } from './parity-row.ts';
import { compareLive } from './reference/pyradiomics-rows.ts';
import { referenceFile } from './reference/reference-file.ts';

export const scope = 'parity-only';

const suite = { suite: 'pyradiomics lbp3d', tolerance: 1e-6, toleranceText: '1e-6 relative' };
const parameters = (setting: object) => ({
  imageType: { LBP3D: { binWidth: 0.5 } },
  featureClass: { firstorder: [], glcm: [] },
  setting: {
    preCrop: true,
    padDistance: 4,
    // The NIfTI copies hold 32-bit positions.
    geometryTolerance: 1e-3,
    ...setting,
  },
});

/**
 * Local binary patterns of floating-point images with ties: neighbours of one value, where the last bit of the spline decides
 * the pattern. Brain and breast of PyRadiomics' test data, normalised (doubles), and in steps of 20 as 32-bit floats.
 */
export default async function compare(): Promise<ParityReport> {
  const folder = mkdtempSync(join(tmpdir(), 'nacre-lbp3d-'));
  try {
    const tasks = [];
    for (const name of ['brain1', 'breast1']) {
      const image = referenceFile('reference', 'pyradiomics', `${name}_image.nrrd`);
      const mask = referenceFile('reference', 'pyradiomics', `${name}_label.nrrd`);
      const scan = await readVolume(image);
      const stepped = join(folder, `${name}-stepped.nii.gz`);
      const data = Float32Array.from(scan.data as ArrayLike<number>, (x) => Math.floor(x / 20) / 7);
      writeFileSync(stepped, niftiBytes({ ...scan, data }));
      tasks.push(
        { id: `${name}, normalised`, image, mask, parameters: parameters({ normalize: true }) },
        { id: `${name}, float32 in steps`, image: stepped, mask, parameters: parameters({}) },
        {
          id: `${name}, float32 in steps, normalised`,
          image: stepped,
          mask,
          parameters: parameters({ normalize: true }),
        },
        {
          id: `${name}, float64 in steps`,
          image: stepped,
          mask,
          double: true,
          parameters: parameters({}),
        },
      );
    }
    return await compareLive(suite, tasks);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
