import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { peerPython } from '../../bench/peers/peer-environment.ts';
import { peritumoralRing } from '../../src/imaging/peritumoral-ring.ts';
import { indexToPoint, type Mask } from '../../src/imaging/volume.ts';
import { writeSegmentation } from '../../src/machine/dicom/write-segmentation.ts';
import { readVolume } from '../../src/machine/read-volume.ts';
import type { ParityReport, ParityRow } from './parity-row.ts';
import { referenceFile } from './reference/reference-file.ts';

export const scope = 'parity-only';

const script = fileURLToPath(new URL('../../bench/peers/read_segmentation.py', import.meta.url));

/** Tumour and ring written as DICOM segmentations, read back by nacre, pydicom and highdicom: voxel for voxel the same. */
export default async function compare(): Promise<ParityReport> {
  const python = peerPython('dicom');
  const folder = mkdtempSync(join(tmpdir(), 'nacre-seg-'));
  const rows: ParityRow[] = [];
  try {
    for (const scan of ['CT', 'MR_T1', 'PET']) {
      const series = referenceFile('datasets', 'dicom', 'sts', 'STS_001', scan);
      const image = await readVolume(join(series, 'image'));
      const { data, ...grid } = await readVolume(join(series, 'mask'), { grid: image });
      const tumour: Mask = { ...grid, data: Uint8Array.from(data) };
      const regions = { tumour, 'ring 5 mm': peritumoralRing(tumour, { outer: 5 }) };
      const path = join(folder, `${scan}.dcm`);
      const segments = Object.entries(regions).map(([label, mask]) => ({ label, mask }));
      await writeSegmentation(path, image, segments);
      const peers = JSON.parse(execFileSync(python, [script, path], { encoding: 'utf8' }));
      for (const [s, { label, mask }] of segments.entries()) {
        const add = (item: string, ours: number, reference: number) =>
          rows.push({
            ...{ suite: 'dicom-segmentation-out', case: `${scan} ${label}`, item },
            ...{ ours, reference, tolerance: 'equal', ok: ours === reference },
          });
        const own = await readVolume(`${path}#roi=${s + 1}`, { grid: image });
        let different = 0;
        for (let i = 0; i < mask.data.length; i++) if (mask.data[i] !== own.data[i]) different++;
        add('read by nacre: voxels different', different, 0);
        for (const peer of ['pydicom', 'highdicom']) {
          const read = peers[peer][s];
          add(`read by ${peer}: voxels`, read.voxels, voxels(mask));
          add(
            `read by ${peer}: same places and label`,
            read.digest === digest(mask) && read.label === label ? 1 : 0,
            1,
          );
        }
      }
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return { rows };
}

function voxels({ data }: Mask): number {
  let count = 0;
  for (let i = 0; i < data.length; i++) count += data[i];
  return count;
}

/** As `read_segmentation.py` has it: positions of the slices with a voxel, and the indices of their voxels. */
function digest(mask: Mask): string {
  const [nx, ny, nz] = mask.size;
  const hash = createHash('sha256');
  const slices = Array.from({ length: nz }, (_, k) => ({ k, at: indexToPoint(mask, [0, 0, k]) }));
  slices.sort((a, b) => a.at[0] - b.at[0] || a.at[1] - b.at[1] || a.at[2] - b.at[2]);
  for (const { k, at } of slices) {
    const indices: number[] = [];
    for (let i = 0; i < nx * ny; i++) if (mask.data[k * nx * ny + i] !== 0) indices.push(i);
    if (indices.length === 0) continue;
    const place = at
      .map((x) => (x + 1e-4 / 3).toFixed(3))
      .join(',')
      .replaceAll('-0.000', '0.000');
    hash.update(`${place}:${indices.join(',')}\n`);
  }
  return hash.digest('hex');
}
