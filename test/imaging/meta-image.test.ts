import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { parseMetaImage } from '../../src/imaging/meta-image.ts';
import { hashOfImage, readImage, readVolume } from '../../src/machine/read-volume.ts';
import type { Assumption } from '../../src/runtime/assumptions.ts';

const folder = mkdtempSync(join(tmpdir(), 'nacre-meta-'));
afterAll(() => rmSync(folder, { recursive: true }));

const values = [-300, -2, -1, 0, 1, 2, 3, 4, 5, 6, 7, 513];
const little = Buffer.alloc(24);
const big = Buffer.alloc(24);
for (const [i, value] of values.entries()) {
  little.writeInt16LE(value, 2 * i);
  big.writeInt16BE(value, 2 * i);
}

const [c, s] = [Math.cos(0.3), Math.sin(0.3)];
const fields = {
  ObjectType: 'Image',
  NDims: '3',
  BinaryData: 'True',
  BinaryDataByteOrderMSB: 'False',
  CompressedData: 'False',
  // As SimpleITK 2.5.7 writes it: a row is the direction of an axis.
  TransformMatrix: `${c} ${s} 0 ${-s} ${c} 0 0 0 1`,
  Offset: '10 20 30',
  AnatomicalOrientation: 'RAI',
  ElementSpacing: '1.5 2 3',
  DimSize: '3 2 2',
  ElementType: 'MET_SHORT',
  ElementDataFile: 'LOCAL',
};

const file = (changed: Record<string, string | undefined> = {}, voxels: Uint8Array = little) =>
  Buffer.concat([
    Buffer.from(
      Object.entries({ ...fields, ...changed })
        .filter(([, value]) => value !== undefined)
        // The line of the voxel file ends the header.
        .sort(([a], [b]) => +(a === 'ElementDataFile') - +(b === 'ElementDataFile'))
        .map(([name, value]) => `${name} = ${value}\n`)
        .join(''),
    ),
    voxels,
  ]);

describe('MetaImage', () => {
  it('reads voxels in x-fastest order, where they lie in LPS mm', () => {
    const variants = [
      file(),
      file({ BinaryDataByteOrderMSB: 'True' }, big),
      file({ CompressedData: 'True', CompressedDataSize: '20' }, deflateSync(little)),
    ];
    for (const bytes of variants) {
      const volume = parseMetaImage(bytes, 'x.mha');
      expect(volume.data).toEqual(Int16Array.from(values));
      expect(volume.size).toEqual([3, 2, 2]);
      volume.spacing.forEach((mm, axis) => {
        expect(mm).toBeCloseTo([1.5, 2, 3][axis], 12);
      });
      expect(volume.origin).toEqual([10, 20, 30]);
      [c, -s, 0, s, c, 0, 0, 0, 1].forEach((x, at) => {
        expect(volume.direction[at]).toBeCloseTo(x, 12);
      });
    }
  });

  it('finds the voxels of an .mhd beside it, and hashes both files', async () => {
    writeFileSync(join(folder, 'o.mhd'), file({ ElementDataFile: 'o.raw' }, Buffer.alloc(0)));
    writeFileSync(join(folder, 'o.raw'), little);
    const { volume, sha256 } = await readImage(join(folder, 'o.mhd'));
    expect(volume.data).toEqual(Int16Array.from(values));
    expect(await hashOfImage(join(folder, 'o.mhd'))).toBe(sha256);
    writeFileSync(join(folder, 'o.raw'), big);
    expect(await hashOfImage(join(folder, 'o.mhd'))).not.toBe(sha256);
  });

  it('skips bytes before the voxels, or takes the last ones', () => {
    const longer = Buffer.concat([Buffer.alloc(7, 1), little]);
    const read = (HeaderSize: string) =>
      parseMetaImage(file({ HeaderSize, ElementDataFile: 'o.raw' }), 'x.mhd', () => longer).data;
    expect(read('7')).toEqual(Int16Array.from(values));
    expect(read('-1')).toEqual(Int16Array.from(values));
  });

  it('takes a slice as one voxel deep, and notes it', () => {
    const notes: Assumption[] = [];
    const slice = { NDims: '2', DimSize: '4 3', ElementSpacing: '1 2', Offset: '5 6' };
    const bytes = file({ ...slice, TransformMatrix: '1 0 0 1' });
    const volume = parseMetaImage(bytes, 'x.mha', undefined, (note) => notes.push(note));
    expect(volume.size).toEqual([4, 3, 1]);
    expect(volume.spacing).toEqual([1, 2, 1]);
    expect(volume.origin).toEqual([5, 6, 0]);
    expect(notes).toMatchObject([{ kind: 'orientation-missing', found: '2 dimensions' }]);
  });

  it.each([
    [{ ElementType: 'MET_STRING' }, 'unsupported-type', /found MET_STRING/],
    [{ ElementNumberOfChannels: '3' }, 'unsupported-type', /3 channels/],
    [{ BinaryData: 'False' }, 'unsupported-encoding', /BinaryData = False/],
    [{ DimSize: '3 2' }, 'bad-header', /2 sizes.*NDims, 3/],
    [{ DimSize: '3 2 200' }, 'truncated', /24 bytes of voxels.*2400/],
    [{ DimSize: '3 2 -2' }, 'bad-size', /3×2×-2/],
    [{ NDims: '4', DimSize: '3 2 1 2' }, 'four-dimensional', /3×2×1×2/],
    [{ ElementDataFile: '../o.raw' }, 'bad-header', /beside the header/],
    [{ ElementDataFile: 'LIST' }, 'bad-header', /beside the header/],
    [{ ElementDataFile: 'o.raw' }, 'detached', /LOCAL/],
    [{ ElementDataFile: undefined }, 'bad-header', /no field "ElementDataFile"/],
    [{ TransformMatrix: '1 0 0 1 0 0 0 0 1' }, 'bad-geometry', /perpendicular/],
    [{ ElementSpacing: '1 0 1' }, 'bad-geometry', /longer than 0/],
    [{ Offset: '1 2' }, 'bad-header', /Offset = 1 2.*3 numbers/],
    [{ HeaderSize: '-3' }, 'bad-header', /HeaderSize = -3/],
    [{ CompressedData: 'True' }, 'bad-gzip', /packed voxels/],
  ])('refuses %j as %s', (changed, code, message) => {
    const read = () => parseMetaImage(file(changed), 'x.mha');
    expect(read).toThrow(message);
    expect(read).toThrow(expect.objectContaining({ code }));
  });

  it('unpacks no more than the header declares', () => {
    const bomb = deflateSync(Buffer.alloc(10_000_000));
    expect(() => parseMetaImage(file({ CompressedData: 'True' }, bomb), 'x.mha')).toThrow(
      expect.objectContaining({ code: 'too-large' }),
    );
  });

  it('is recognised by content', async () => {
    writeFileSync(join(folder, 'scan.dat'), file());
    expect((await readVolume(join(folder, 'scan.dat'))).data).toEqual(Int16Array.from(values));
  });
});
