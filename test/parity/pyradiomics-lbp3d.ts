import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { niftiBytes } from '../../src/imaging/nifti-bytes.ts';
import { readVolume } from '../../src/imaging/read-volume.ts';
import { RadiomicsExtractor } from '../../src/radiomics/extractor.ts';
import { type ParityReport, type ParityRow, relativeDifference } from './parity-row.ts';
import { missReason } from './reference/miss-reason.ts';
import { measuredByPyRadiomics, versionsOfPyRadiomics } from './reference/peer.ts';
import { referenceFile } from './reference/reference-file.ts';

export const scope = 'parity-only';

const tolerance = 1e-6;
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
    const found = measuredByPyRadiomics(tasks);
    const rows: ParityRow[] = [];
    for (const [at, { id, image, mask, double, parameters }] of tasks.entries()) {
      const theirs = found[at].features;
      if (theirs === undefined) throw new Error(`PyRadiomics failed on ${id}: ${found[at].error}`);
      const scan = await readVolume(image);
      const { features, reasons } = new RadiomicsExtractor(parameters as never).execute(
        double ? { ...scan, data: Float64Array.from(scan.data as ArrayLike<number>) } : scan,
        await readVolume(mask),
      );
      for (const [item, value] of Object.entries(theirs)) {
        const reference = value ?? Number.NaN;
        const ours = features[item] ?? Number.NaN;
        const ok = relativeDifference(ours, reference) <= tolerance;
        const note = ok ? undefined : missReason(item, ours, reference, reasons[item]);
        const suite = 'pyradiomics lbp3d';
        const row = { suite, case: id, item, ours, reference, tolerance: '1e-6 relative', ok };
        rows.push(note === undefined ? row : { ...row, note });
      }
    }
    return { rows, remarks: [versionsOfPyRadiomics()] };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
