import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { geometryOf, type Mask, type Volume } from '../../../src/imaging/volume.ts';
import {
  segmentationBytes,
  writeSegmentation,
} from '../../../src/machine/dicom/write-segmentation.ts';
import { readVolume } from '../../../src/machine/read-volume.ts';
import { madeSlice } from './made-dicom.ts';

/** An oblique series of 3 × 5 × 4 voxels, as a folder. */
async function obliqueScan(): Promise<Volume> {
  const folder = mkdtempSync(join(tmpdir(), 'nacre-seg-out-'));
  for (let k = 0; k < 4; k++) {
    const slice = madeSlice({
      orientation: [0.8, 0.6, 0, 0, 0, -1],
      position: [-0.6 * 2.5 * k - 3.25, 0.8 * 2.5 * k, 7],
      rows: 5,
      number: k + 1,
      values: Array(15).fill(k),
    });
    writeFileSync(join(folder, `slice-${k}`), slice);
  }
  return readVolume(folder);
}

function maskOf(image: Volume, inside: (i: number) => boolean): Mask {
  return { ...geometryOf(image), data: Uint8Array.from(image.data, (_, i) => (inside(i) ? 1 : 0)) };
}

describe('writeSegmentation', () => {
  it('writes regions that are read the same, voxel for voxel, overlapping ones too', async () => {
    const image = await obliqueScan();
    const tumour = maskOf(image, (i) => i % 7 === 0 && i < 40);
    const ring = maskOf(image, (i) => i % 2 === 0 && i > 20);
    const path = join(mkdtempSync(join(tmpdir(), 'nacre-seg-')), 'regions.dcm');
    await writeSegmentation(path, image, [
      { mask: tumour, label: 'tumour' },
      { mask: ring, label: 'ring', algorithm: 'AUTOMATIC' },
    ]);
    expect((await readVolume(`${path}#roi=tumour`, { grid: image })).data).toEqual(tumour.data);
    expect((await readVolume(`${path}#roi=ring`, { grid: image })).data).toEqual(ring.data);
  });

  it('gives the same bytes for the same regions, and holds no name', async () => {
    const image = await obliqueScan();
    const segments = [{ mask: maskOf(image, (i) => i === 9), label: 'tumour' }];
    const bytes = await segmentationBytes(image, segments);
    expect(await segmentationBytes(image, segments)).toEqual(bytes);
    expect(Buffer.from(bytes).toString('latin1')).not.toContain('Secret');
    expect(readFileSync(image.source?.slices[0].file as string, 'latin1')).toContain('Secret');
  });

  it('refuses an image that is not as it was read from DICOM, and an empty segment', async () => {
    const image = await obliqueScan();
    const mask = maskOf(image, (i) => i === 9);
    const { source: _, ...nifti } = image;
    await expect(segmentationBytes(nifti, [{ mask, label: 'a' }])).rejects.toMatchObject({
      code: 'needs-image',
    });
    const empty = maskOf(image, () => false);
    await expect(segmentationBytes(image, [{ mask: empty, label: 'a' }])).rejects.toMatchObject({
      code: 'empty-mask',
    });
  });
});
