import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { phantomFiles } from '../../../src/cohort/phantom/phantom-manifest.ts';
import { writePhantom } from '../../../src/cohort/phantom/write-phantom.ts';
import { boxOf } from '../../../src/imaging/crop.ts';
import { niftiBytes } from '../../../src/imaging/nifti-bytes.ts';
import { geometryOf, type Mask } from '../../../src/imaging/volume.ts';
import { readMask } from '../../../src/machine/read-volume.ts';

/** Six masks of a phantom cohort, spoiled in six ways. */
export const spoiled = [
  { patient: 'SYN_002', scan: 'ceT1', how: 'shifted', kinds: ['low-contrast'] },
  { patient: 'SYN_004', scan: 'T2', how: 'doubled', kinds: ['several-pieces', 'volume-differs'] },
  { patient: 'SYN_006', scan: 'CT', how: 'holed', kinds: ['holes'] },
  { patient: 'SYN_009', scan: 'ceT1', how: 'cut', kinds: ['volume-differs', 'flat-end'] },
  {
    patient: 'SYN_011',
    scan: 'T2',
    how: 'wrong patient',
    kinds: ['same-mask', 'centroid-differs'],
  },
  { patient: 'SYN_013', scan: 'CT', how: 'empty', kinds: ['empty-mask'] },
] as const;

/** Writes the cohort; gives its folder and manifest. */
export async function writeSpoiledPhantom(
  patients = 24,
): Promise<{ folder: string; manifest: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'nacre-qc-'));
  const { manifest } = await writePhantom(
    { patients, seed: 1, signal: 1 },
    { out: folder, workers: 1 },
  );
  for (const { patient, scan, how } of spoiled) {
    const path = join(folder, phantomFiles.mask(patient, scan));
    if (how === 'wrong patient') {
      // On the grid of the patient's own scan, so that the header gives nothing away.
      const { data } = await readMask(join(folder, phantomFiles.mask('SYN_020', scan)));
      writeFileSync(path, niftiBytes({ ...geometryOf(await readMask(path)), data }));
      continue;
    }
    writeFileSync(path, niftiBytes(spoil(await readMask(path), how)));
  }
  return { folder, manifest };
}

function spoil(mask: Mask, how: string): Mask {
  const [nx, ny, nz] = mask.size;
  const data = new Uint8Array(mask.data.length);
  const box = boxOf(mask) as NonNullable<ReturnType<typeof boxOf>>;
  const middle = (box.low[2] + box.high[2]) >> 1;
  for (let k = 0, at = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) {
      for (let i = 0; i < nx; i++, at++) {
        if (mask.data[at] === 0) continue;
        if (how === 'shifted') data[at + 6 - 5 * nx] = 1;
        if (how === 'doubled') {
          data[at] = 1;
          data[((i + (i < nx / 2 ? 14 : nx - 14)) % nx) + nx * (j + ny * k)] = 1;
        }
        if (how === 'holed') data[at] = 1;
        if (how === 'cut' && k < middle) data[at] = 1;
      }
    }
  }
  if (how === 'holed') {
    const centre = [0, 1].map((a) => (box.low[a] + box.high[a]) >> 1);
    for (let dk = -1; dk <= 1; dk++) {
      for (let dj = -1; dj <= 1; dj++) {
        for (let di = -1; di <= 1; di++) {
          data[centre[0] + di + nx * (centre[1] + dj + ny * (middle + dk))] = 0;
        }
      }
    }
  }
  return { ...geometryOf(mask), data };
}
