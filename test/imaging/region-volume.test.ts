import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { niftiBytes } from '../../src/imaging/nifti-bytes.ts';
import { regionVolume } from '../../src/imaging/region-volume.ts';
import { readMask } from '../../src/machine/read-volume.ts';
import { writeNifti } from '../../src/machine/write-nifti.ts';

const mask = {
  data: Uint8Array.of(0, 1, 1, 0, 0, 1, 0, 0),
  size: [2, 2, 2],
  spacing: [0.5, 2, 3],
  origin: [0, 0, 0],
  direction: [1, 0, 0, 0, 1, 0, 0, 0, 1],
} as const;

describe('regionVolume', () => {
  it('is the number of voxels times the volume of one, in mm³', () => {
    expect(regionVolume(structuredClone(mask) as never)).toBe(9);
  });
});

describe('writeNifti', () => {
  it('writes the bytes of niftiBytes, packed where the path ends in .gz', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'nacre-nifti-'));
    try {
      for (const [name, gzip] of [
        ['mask.nii', false],
        ['mask.nii.gz', true],
      ] as const) {
        const path = join(folder, 'new', name);
        writeNifti(path, mask as never);
        expect(existsSync(path)).toBe(true);
        expect(readFileSync(path).equals(niftiBytes(mask as never, { gzip }))).toBe(true);
        expect(regionVolume(await readMask(path))).toBe(9);
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
