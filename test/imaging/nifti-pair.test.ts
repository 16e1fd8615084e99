import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { niftiBytes } from '../../src/imaging/nifti-bytes.ts';
import { hashOfImage, readImage, readVolume } from '../../src/machine/read-volume.ts';
import type { Assumption } from '../../src/runtime/assumptions.ts';

const folder = mkdtempSync(join(tmpdir(), 'nacre-pair-'));
afterAll(() => rmSync(folder, { recursive: true }));
const at = (name: string) => join(folder, name);

const volume = {
  size: [4, 3, 2],
  spacing: [1.5, 2, 3],
  origin: [10, -20, 30],
  direction: [1, 0, 0, 0, 1, 0, 0, 0, 1],
  data: Int16Array.from({ length: 24 }, (_, i) => i * i - 7),
} as const;

/** A single file taken apart: the header gets the magic of a pair and no offset. */
function write(name: string, { analyze = false, packed = false } = {}) {
  const single = Buffer.from(niftiBytes(volume, { gzip: false }));
  const header = Buffer.from(single.subarray(0, 348));
  header.write(analyze ? '\0\0\0\0' : 'ni1\0', 344, 'latin1');
  header.writeFloatLE(0, 108);
  if (analyze) {
    header.fill(0, 252);
    // SPM's scale factor stands where NIfTI has its slope.
    header.writeFloatLE(2, 112);
  }
  const voxels = single.subarray(single.length - 48);
  writeFileSync(at(`${name}.hdr`), header);
  writeFileSync(at(packed ? `${name}.img.gz` : `${name}.img`), packed ? gzipSync(voxels) : voxels);
}

describe('a pair of header and voxels', () => {
  it.each([
    ['plain', {}],
    ['packed', { packed: true }],
  ])('of NIfTI, %s, is read by either name', async (name, how) => {
    write(name, how);
    const ending = name === 'packed' ? 'img.gz' : 'img';
    for (const path of [at(`${name}.hdr`), at(`${name}.${ending}`)]) {
      const { volume: read, sha256 } = await readImage(path);
      expect(read).toMatchObject({ size: volume.size, origin: volume.origin, data: volume.data });
      expect(read.spacing).toEqual(volume.spacing);
      expect(await hashOfImage(path)).toBe(sha256);
    }
  });

  it('of ANALYZE 7.5 is LPS from the origin, as ITK reads it, and noted', async () => {
    write('old', { analyze: true });
    const notes: Assumption[] = [];
    const read = (await readImage(at('old.img'), { note: (one) => notes.push(one) })).volume;
    expect(read).toMatchObject({
      size: [4, 3, 2],
      spacing: [1.5, 2, 3],
      origin: [0, 0, 0],
      direction: [1, 0, 0, 0, 1, 0, 0, 0, 1],
      data: volume.data,
    });
    expect(notes).toMatchObject([{ kind: 'orientation-missing', level: 'warning' }]);
  });

  it('without the other half is refused by name', async () => {
    write('half');
    rmSync(at('half.img'));
    await expect(readVolume(at('half.hdr'))).rejects.toThrow(/half\.img/);
    write('other');
    rmSync(at('other.hdr'));
    await expect(readVolume(at('other.img'))).rejects.toThrow(/without their header.*\.hdr/);
  });
});

describe('a folder where a scan is expected', () => {
  it('is named for what is in it', async () => {
    mkdirSync(at('images'));
    writeFileSync(at('images/scan.mha'), 'x');
    writeFileSync(at('images/notes.txt'), 'x');
    await expect(readVolume(at('images'))).rejects.toThrow(
      /found a folder of 2 entries, 1 of them images of other formats.*name the file in it, such as scan\.mha/,
    );
    mkdirSync(at('empty'));
    await expect(readVolume(at('empty'))).rejects.toThrow(/a folder of 0 entries/);
  });
});
