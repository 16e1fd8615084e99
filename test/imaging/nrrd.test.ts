import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { parseNrrd } from '../../src/imaging/nrrd.ts';
import { readMask, readMasks, readVolume } from '../../src/machine/read-volume.ts';

const folder = mkdtempSync(join(tmpdir(), 'nacre-nrrd-'));
afterAll(() => rmSync(folder, { recursive: true }));

const fields = {
  type: 'short',
  dimension: '3',
  sizes: '3 2 2',
  encoding: 'raw',
  endian: 'little',
  space: 'left-posterior-superior',
  'space directions': '(0.5,0,0) (0,1.5,0) (0,0,4)',
  'space origin': '(-1,2,3)',
};

function header(changed: Record<string, string | undefined> = {}): string {
  const lines = Object.entries({ ...fields, ...changed })
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}: ${value}`);
  return ['NRRD0004', '# a comment', 'patient:=kept out', ...lines, '', ''].join('\n');
}

const values = [-300, -2, -1, 0, 1, 2, 3, 4, 5, 6, 7, 513];

function bytesOf(write: (b: Buffer, value: number, at: number) => void, width: number): Buffer {
  const bytes = Buffer.alloc(values.length * width);
  values.forEach((value, i) => {
    write(bytes, value, i * width);
  });
  return bytes;
}

const little = bytesOf((b, value, at) => b.writeInt16LE(value, at), 2);
const whole = (text: string, voxels: Uint8Array) => Buffer.concat([Buffer.from(text), voxels]);

describe('NRRD', () => {
  it('reads voxels in x-fastest order, where they lie in LPS mm', () => {
    for (const encoding of ['raw', 'gzip', 'gz']) {
      const voxels = encoding === 'raw' ? little : gzipSync(little);
      const volume = parseNrrd(whole(header({ encoding }), voxels), 'x.nrrd');
      expect(volume.data).toEqual(Int16Array.from(values));
      expect(volume.size).toEqual([3, 2, 2]);
      expect(volume.spacing).toEqual([0.5, 1.5, 4]);
      expect(volume.origin).toEqual([-1, 2, 3]);
      expect(volume.direction).toEqual([1, 0, 0, 0, 1, 0, 0, 0, 1]);
    }
  });

  it('turns RAS and LAS into LPS', () => {
    const at = (space: string) => parseNrrd(whole(header({ space }), little), 'x.nrrd');
    const ras = at('right-anterior-superior');
    expect(ras.origin).toEqual([1, -2, 3]);
    expect(ras.direction.map((x) => x + 0)).toEqual([-1, 0, 0, 0, -1, 0, 0, 0, 1]);
    expect(at('RAS')).toEqual(ras);
    expect(at('LAS').origin).toEqual([-1, -2, 3]);
    expect(() => at('scanner-xyz')).toThrow(/space "scanner-xyz"/);
  });

  it('reads every width in big endian', () => {
    const cases: [string, number, (b: Buffer, value: number, at: number) => void][] = [
      ['short', 2, (b, value, at) => b.writeInt16BE(value, at)],
      ['int', 4, (b, value, at) => b.writeInt32BE(value, at)],
      ['int64', 8, (b, value, at) => b.writeBigInt64BE(BigInt(value), at)],
      ['float', 4, (b, value, at) => b.writeFloatBE(value, at)],
      ['double', 8, (b, value, at) => b.writeDoubleBE(value, at)],
    ];
    for (const [type, width, write] of cases) {
      const bytes = whole(header({ type, endian: 'big' }), bytesOf(write, width));
      expect([...parseNrrd(bytes, 'x.nrrd').data], type).toEqual(values);
    }
  });

  it('reads 64-bit integers as doubles, and refuses those that would not be exact', () => {
    const bytes = Buffer.alloc(96);
    bytes.writeBigUInt64LE(2n ** 53n - 1n, 88);
    const read = parseNrrd(whole(header({ type: 'uint64' }), bytes), 'x.nrrd').data;
    expect(read).toBeInstanceOf(Float64Array);
    expect(read[11]).toBe(2 ** 53 - 1);
    bytes.writeBigUInt64LE(2n ** 53n + 1n, 88);
    expect(() => parseNrrd(whole(header({ type: 'uint64' }), bytes), 'x.nrrd')).toThrow(
      /9007199254740993 at voxel 11/,
    );
  });

  it('reads a detached header with its file beside it, and skips lines and bytes', async () => {
    writeFileSync(join(folder, 'a.raw'), whole('one line\nab', little));
    const text = header({ 'data file': 'a.raw', 'line skip': '1', 'byte skip': '2' });
    writeFileSync(join(folder, 'a.nhdr'), text);
    expect((await readVolume(join(folder, 'a.nhdr'))).data).toEqual(Int16Array.from(values));
    writeFileSync(join(folder, 'b.nhdr'), header({ 'data file': 'a.raw', 'byte skip': '-1' }));
    expect((await readVolume(join(folder, 'b.nhdr'))).data).toEqual(Int16Array.from(values));
    expect(() => parseNrrd(Buffer.from(text), 'a.nhdr')).toThrow(/voxels in another file/);
    writeFileSync(join(folder, 'c.nhdr'), header({ 'data file': 'none.raw' }));
    await expect(readVolume(join(folder, 'c.nhdr'))).rejects.toThrow(/none\.raw/);
  });

  it.each(['../a.raw', '/etc/passwd', 'sub/a.raw', '..\\a.raw', 'LIST', '..', 's%03d.raw 1 9 1'])(
    'refuses a data file outside the folder or of several parts: %s',
    (name) => {
      const text = header({ 'data file': name });
      expect(() => parseNrrd(Buffer.from(text), 'x.nhdr', () => little)).toThrow(
        /one file beside the header/,
      );
    },
  );

  it.each([
    [{ encoding: 'bzip2' }, /bzip2.*raw or gzip/s],
    [{ encoding: 'ascii' }, /ascii.*raw or gzip/s],
    [{ encoding: 'hex' }, /hex.*raw or gzip/s],
    [{ type: 'block' }, /block/],
    [{ endian: undefined }, /endian/],
    [{ sizes: '3 2' }, /2 sizes/],
    [{ sizes: '3 2 2 5', dimension: '4' }, /3×2×2×5.*one time point/],
    [{ 'space directions': '(1,0,0) (0,1,0)' }, /three vectors/],
    [{ 'byte skip': '-2' }, /byte skip/],
    [{ sizes: '3 2 3' }, /24 bytes.*36/s],
  ] as [Record<string, string | undefined>, RegExp][])('refuses %j', (changed, message) => {
    expect(() => parseNrrd(whole(header(changed), little), 'x.nrrd')).toThrow(message);
    expect(() => parseNrrd(whole(header(changed), little), 'x.nrrd')).toThrow(/x\.nrrd/);
  });
});

describe('masks', () => {
  const labels = Buffer.from([0, 1, 1, 0, 3, 0, 0, 0, 3, 3, 0, 0]);
  const path = join(folder, 'labels.nrrd');
  writeFileSync(path, whole(header({ type: 'uchar', endian: undefined }), labels));

  it('of one label, of all labels in one pass, and which there are where one is missing', async () => {
    expect([...(await readMask(path)).data]).toEqual([0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    const all = await readMasks(path);
    expect(all.map(({ label }) => label)).toEqual([1, 3]);
    expect(all[1].mask).toEqual(await readMask(path, { label: 3 }));
    await expect(readMask(path, { label: 2 })).rejects.toThrow(/1 \(2 voxels\), 3 \(3 voxels\)/);
    const empty = join(folder, 'empty.nrrd');
    const nothing = whole(header({ type: 'uchar', endian: undefined }), Buffer.alloc(12));
    writeFileSync(empty, nothing);
    await expect(readMasks(empty)).rejects.toThrow(/the mask is empty/);
  });

  it('refuses an image in place of a mask', async () => {
    const image = join(folder, 'image.nrrd');
    writeFileSync(image, whole(header(), little));
    await expect(readMasks(image)).rejects.toMatchObject({ code: 'not-a-mask' });
  });
});

describe('NRRD of one slice', () => {
  const slice = { sizes: '6 2 1', 'space directions': '(0.5,0,0) (0,0,-2) (0,0,0)' };
  it.each([
    ['a direction of no length', slice],
    [
      'a direction that is no number',
      { ...slice, 'space directions': '(0.5,0,0) (0,0,-2) (nan,nan,nan)' },
    ],
    ['none', { ...slice, 'space directions': '(0.5,0,0) (0,0,-2) none' }],
    ['two axes', { dimension: '2', sizes: '6 2', 'space directions': '(0.5,0,0) (0,0,-2)' }],
  ])('with %s lies perpendicular to its two others', (_, changed) => {
    const notes: string[] = [];
    const bytes = whole(header(changed), little);
    const volume = parseNrrd(bytes, 'x.nrrd', undefined, ({ kind }) => notes.push(kind));
    expect(volume.size).toEqual([6, 2, 1]);
    expect(volume.spacing).toEqual([0.5, 2, 1]);
    expect(volume.direction.map((x) => x + 0)).toEqual([1, 0, 0, 0, 0, 1, 0, -1, 0]);
    expect(notes).toEqual(['slice-direction-missing']);
  });

  it('in a plane, as ITK writes a two-dimensional image', () => {
    const flat = {
      dimension: '2',
      sizes: '6 2',
      space: undefined,
      'space dimension': '2',
      'space directions': '(0.5,0) (0,2)',
      'space origin': '(10,20)',
    };
    const volume = parseNrrd(whole(header(flat), little), 'x.nrrd');
    expect(volume.origin).toEqual([10, 20, 0]);
    expect(volume.spacing).toEqual([0.5, 2, 1]);
  });

  it('of more slices needs its direction', () => {
    const two = { 'space directions': '(0.5,0,0) (0,1.5,0) (0,0,0)' };
    expect(() => parseNrrd(whole(header(two), little), 'x.nrrd')).toThrow(/longer than 0/);
  });
});
