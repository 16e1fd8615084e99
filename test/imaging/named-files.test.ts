import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import type { FileSource } from '../../src/imaging/file-source.ts';
import { type NamedFile, namedFiles } from '../../src/imaging/named-files.ts';
import { niftiBytes } from '../../src/imaging/nifti-bytes.ts';
import { hashFrom, imageFrom, masksFrom, volumeFrom } from '../../src/imaging/read-scan.ts';
import { diskFiles } from '../../src/machine/disk-files.ts';
import { madeSlice } from './dicom/made-dicom.ts';
import { smallNrrd, smallVolume } from './small-nrrd.ts';

// The same files on the disk and in memory: readers give the same volumes, hashes and errors.
const nifti = niftiBytes(smallVolume, { gzip: false });
const header = Buffer.from(nifti.subarray(0, 348));
header.write('ni1\0', 344, 'latin1');
header.writeFloatLE(0, 108);
const voxels = Buffer.from(smallVolume.data.buffer);
const slices = [0, 1, 2].map((k) =>
  madeSlice({ position: [0, 0, 2.5 * k], number: k + 1, values: Array(6).fill(k) }),
);
const list: NamedFile[] = [
  { name: 'scan.nii', bytes: nifti },
  { name: 'scan.nii.gz', bytes: niftiBytes(smallVolume) },
  { name: 'scan.nrrd', bytes: smallNrrd('gzip') },
  { name: 'pair/scan.hdr', bytes: header },
  { name: 'pair/scan.img.gz', bytes: gzipSync(voxels) },
  {
    name: 'detached/scan.mhd',
    bytes: Buffer.from(
      'ObjectType = Image\nNDims = 3\nDimSize = 4 3 2\nElementSpacing = 1 2 3\nOffset = 5 6 7\n' +
        'ElementType = MET_SHORT\nElementDataFile = scan.raw\n',
    ),
  },
  { name: 'detached/scan.raw', bytes: voxels },
  {
    name: 'lost/scan.mhd',
    bytes: Buffer.from(
      'ObjectType = Image\nNDims = 3\nDimSize = 4 3 2\nElementType = MET_SHORT\nElementDataFile = gone.raw\n',
    ),
  },
  { name: 'cut.nii.gz', bytes: niftiBytes(smallVolume).subarray(0, 100) },
  { name: 'short.nii', bytes: nifti.subarray(0, 380) },
  { name: 'text.txt', bytes: Buffer.from('no image') },
  { name: 'empty.nii', bytes: new Uint8Array(0) },
  ...slices.map((bytes, k) => ({ name: `dicom/${9 - k}.dcm`, bytes })),
  { name: 'dicom/readme.txt', bytes: Buffer.from('three slices') },
];

const root = mkdtempSync(join(tmpdir(), 'nacre-named-'));
afterAll(() => rmSync(root, { recursive: true }));
for (const { name, bytes } of list) {
  mkdirSync(dirname(join(root, name)), { recursive: true });
  writeFileSync(join(root, name), bytes);
}

const memory = namedFiles(list);

async function outcome(files: FileSource, path: string) {
  const notes: unknown[] = [];
  try {
    const { volume, sha256 } = await imageFrom(files, path, { note: (one) => notes.push(one) });
    return { volume, sha256, notes };
  } catch (error) {
    return { error: (error as Error).message, notes };
  }
}

/** Without the folder that they lie in on the disk. */
const plain = (value: unknown) =>
  JSON.stringify(value, (_, part) => (ArrayBuffer.isView(part) ? [...(part as Int16Array)] : part))
    .replaceAll(`${root}/`, '')
    .replaceAll(root, '.');

describe('files in memory', () => {
  it.each([
    ...['scan.nii', 'scan.nii.gz', 'scan.nrrd', 'pair/scan.hdr', 'pair/scan.img', 'dicom'],
    ...['detached/scan.mhd', 'dicom/9.dcm', 'lost/scan.mhd', 'cut.nii.gz', 'short.nii'],
    ...['text.txt', 'empty.nii', 'gone.nii', 'pair', 'dicom#phase=2', 'scan.nii#phase=1'],
    '.',
  ])('%s is read as from the disk', async (path) => {
    const here = await outcome(memory, path);
    expect(plain(here)).toBe(plain(await outcome(diskFiles, join(root, path))));
    if ('error' in here) return;
    expect(await hashFrom(memory, path)).toBe(here.sha256);
  });

  it('the outcomes are those that the files call for', async () => {
    expect((await volumeFrom(memory, './pair/scan.hdr')).data).toEqual(smallVolume.data);
    expect((await volumeFrom(memory, 'dicom')).size[2]).toBe(3);
    await expect(volumeFrom(memory, 'cut.nii.gz')).rejects.toThrow('the gzip stream is truncated');
    await expect(volumeFrom(memory, 'gone.nii')).rejects.toMatchObject({ code: 'file-missing' });
    await expect(volumeFrom(memory, 'lost/scan.mhd')).rejects.toMatchObject({
      code: 'file-missing',
    });
  });

  it('masks come label by label', async () => {
    const labels = { ...smallVolume, data: Uint8Array.from({ length: 24 }, (_, i) => i % 3) };
    const masks = await masksFrom(
      namedFiles([{ name: 'mask.nii.gz', bytes: niftiBytes(labels) }]),
      'mask.nii.gz',
    );
    expect(masks.map(({ label }) => label)).toEqual([1, 2]);
  });
});
