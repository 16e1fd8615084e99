import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { fileKind } from '../../src/imaging/file-kind.ts';
import { parseNifti } from '../../src/imaging/nifti.ts';
import { niftiBytes } from '../../src/imaging/nifti-bytes.ts';
import { parseNrrd } from '../../src/imaging/nrrd.ts';
import { identityDirection } from '../../src/imaging/volume.ts';
import { type Assumption, AssumptionLog } from '../../src/runtime/assumptions.ts';

const volume = {
  size: [3, 2, 2],
  spacing: [1, 1, 1],
  origin: [-10, 20, 30],
  direction: identityDirection,
  data: Int16Array.from({ length: 12 }, (_, i) => i),
} as const;

/** The file with some fields changed. */
function nifti(change: (header: DataView) => void): Uint8Array {
  const bytes = niftiBytes(volume, { gzip: false });
  change(new DataView(bytes.buffer));
  return bytes;
}

function notesOf(read: (note: (assumption: Assumption) => void) => unknown): Assumption[] {
  const log = new AssumptionLog();
  read(log.note);
  return log.list();
}

const notes = (change: (header: DataView) => void) =>
  notesOf((note) => parseNifti(nifti(change), 'x.nii', note));
const refused = (change: (header: DataView) => void) =>
  expect(() => parseNifti(nifti(change), 'x.nii'));

describe('a NIfTI header whose voxels begin within it', () => {
  it('is refused: the four bytes behind the header are no voxel', () => {
    for (const offset of [0, 100, 348, 350]) {
      refused((header) => header.setFloat32(108, offset, true)).toThrow(
        /an offset of at least 352/,
      );
    }
  });
});

describe('a NIfTI header that contradicts itself', () => {
  it('is silent where nothing is open', () => {
    expect(notes(() => {})).toEqual([]);
  });

  it('notes voxel sizes that are not those of the sform, and keeps the sform', () => {
    const change = (header: DataView) => {
      header.setFloat32(80, 0.8, true);
      header.setFloat32(84, 0.8, true);
      header.setFloat32(88, 2, true);
    };
    expect(parseNifti(nifti(change), 'x.nii').spacing).toEqual([1, 1, 1]);
    const [size, ...more] = notes(change);
    expect([size, ...more].map(({ kind }) => kind)).toEqual([
      'geometry-conflict',
      'geometry-conflict',
    ]);
    expect([size, ...more].some(({ found }) => /pixdim 0\.8 × 0\.8 × 2 mm/.test(found))).toBe(true);
  });

  it.each([
    ['origin', (header) => header.setFloat32(268, 55, true), /origin/],
    ['turn', (header) => header.setFloat32(264, 0, true), /direction/],
    ['side', (header) => header.setFloat32(76, -header.getFloat32(76, true), true), /direction/],
  ] as [string, (header: DataView) => void, RegExp][])(
    'notes an sform and a qform of another %s',
    (_, change, found) => {
      const list = notes(change);
      expect(list.map(({ kind, taken }) => [kind, taken])).toEqual([
        ['geometry-conflict', 'the sform'],
      ]);
      expect(list[0].found).toMatch(found);
    },
  );

  it('takes the qform where the sform is sheared, and says so', () => {
    const [note] = notes((header) => header.setFloat32(284, 0.5, true));
    expect(note).toMatchObject({ kind: 'geometry-conflict', taken: 'the qform' });
  });

  it('notes a header without orientation and how ITK reads it', () => {
    const list = notes((header) => {
      header.setInt16(252, 0, true);
      header.setInt16(254, 0, true);
    });
    expect(list).toMatchObject([{ kind: 'orientation-missing', level: 'warning' }]);
    expect(list[0].why).toMatch(/ITK .*LPS/);
  });

  it('converts other units and notes them; no unit means millimetres', () => {
    const micro = (header: DataView) => header.setUint8(123, 3);
    expect(parseNifti(nifti(micro), 'x.nii').spacing[0]).toBeCloseTo(0.001, 9);
    expect(notes(micro)).toMatchObject([{ kind: 'units-converted' }]);
    expect(notes((header) => header.setUint8(123, 0))).toMatchObject([{ kind: 'units-missing' }]);
    expect(notes((header) => header.setUint8(123, 5))).toMatchObject([{ kind: 'units-converted' }]);
  });

  it('notes a slope that is not a number, and refuses one that makes voxels infinite', () => {
    expect(notes((h) => h.setFloat32(112, Number.NaN, true))).toMatchObject([
      { kind: 'rescaling-unclear', level: 'note' },
    ]);
    const offset = (header: DataView) => {
      header.setFloat32(112, 0, true);
      header.setFloat32(116, -1024, true);
    };
    expect(notes(offset)).toMatchObject([{ kind: 'rescaling-unclear', level: 'warning' }]);
    refused((h) => h.setFloat32(112, 3e38, true)).toThrow(/rescaling makes a voxel infinite/);
  });

  it.each([9, 0, -1, 768])('refuses dim[0] = %i', (dimensions) => {
    refused((header) => header.setInt16(40, dimensions, true)).toThrow(/dim\[0\] = /);
  });

  it('refuses bits that are not those of the type, quaternions too long, sizes of 0', () => {
    refused((header) => header.setInt16(72, 32, true)).toThrow(/int16 of 32 bits/);
    const byQform = (change: (header: DataView) => void) => (header: DataView) => {
      header.setInt16(254, 0, true);
      change(header);
    };
    refused(byQform((h) => h.setFloat32(256, 3, true))).toThrow(/quaternion/);
    refused(byQform((h) => h.setFloat32(80, 0, true))).toThrow(/voxel sizes above 0/);
    refused(byQform((h) => h.setFloat32(84, -2, true))).toThrow(/voxel sizes above 0/);
  });

  it('notes voxels after the last one', () => {
    const bytes = Buffer.concat([nifti(() => {}), Buffer.alloc(2400)]);
    expect(notesOf((note) => parseNifti(bytes, 'x.nii', note))).toMatchObject([
      { kind: 'bytes-left' },
    ]);
  });
});

describe('a NRRD header that contradicts itself', () => {
  const nrrd = (fields: Record<string, string | undefined>, magic = 'NRRD0004') => {
    const all: Record<string, string | undefined> = {
      type: 'uchar',
      dimension: '3',
      sizes: '3 2 2',
      encoding: 'raw',
      space: 'left-posterior-superior',
      'space directions': '(1,0,0) (0,1,0) (0,0,4)',
      'space origin': '(0,0,0)',
      ...fields,
    };
    const lines = Object.entries(all).flatMap(([name, value]) =>
      value === undefined ? [] : [`${name}: ${value}`],
    );
    return Buffer.concat([Buffer.from(`${[magic, ...lines].join('\n')}\n\n`), Buffer.alloc(12)]);
  };
  const kinds = (fields: Record<string, string | undefined>) =>
    notesOf((note) => parseNrrd(nrrd(fields), 'x.nrrd', undefined, note)).map(({ kind }) => kind);

  it.each([
    [{}, []],
    [{ spacings: '1 1 2' }, ['geometry-conflict']],
    [{ space: undefined }, ['space-missing']],
    [{ 'space origin': undefined }, ['origin-missing']],
    [{ 'space directions': undefined, spacings: '1 1 2' }, ['orientation-missing']],
    [{ 'space units': '"cm" "cm" "cm"' }, ['units-converted']],
    [{ kinds: 'domain domain domain' }, []],
  ] as [Record<string, string | undefined>, string[]][])('%j: notes %j', (fields, expected) => {
    expect(kinds(fields)).toEqual(expected);
  });

  it.each([
    [{ kinds: 'vector domain domain' }, /not a direction in space/],
    [{ 'space directions': undefined, spacings: '1 nan 2' }, /spacings 1 nan 2/],
    [{ 'space directions': undefined, spacings: '1 -1 2' }, /spacings 1 -1 2/],
    [{ 'space units': '"furlong" "mm" "mm"' }, /one unit of length/],
    [{ Sizes: '3 2 3' }, /one field "sizes"/],
  ] as [Record<string, string | undefined>, RegExp][])('refuses %j', (fields, message) => {
    expect(() => parseNrrd(nrrd(fields), 'x.nrrd')).toThrow(message);
  });

  it('refuses a version that there is not', () => {
    expect(() => parseNrrd(nrrd({}, 'NRRD0009'), 'x.nrrd')).toThrow(/NRRD0001 to NRRD0005/);
  });
});

describe('fileKind', () => {
  const dicom = Buffer.concat([Buffer.alloc(128), Buffer.from('DICM')]);
  it.each([
    ['x.nii', Buffer.alloc(0), /an empty file/],
    ['x.nii.gz', Buffer.from('text'), /named \.gz, but not gzip/],
    ['x.nii.gz', gzipSync(dicom), /a DICOM file packed with gzip/],
    ['x.nii.gz', gzipSync(gzipSync(Buffer.alloc(400))), /gzip twice/],
    ['x.nrrd.gz', gzipSync(Buffer.from('NRRD0004\n')), /NRRD file packed as a whole/],
    ['x.nii.gz', gzipSync(Buffer.alloc(0)), /nothing in it/],
    ['x.nii', Buffer.from('version https://git-lfs.github.com/spec/v1'), /Git LFS pointer/],
    ['x.nii', Buffer.from('<!DOCTYPE html>'), /error page/],
    ['x.nii', Buffer.from('PK\u0003\u0004'), /zip archive/],
    ['x.nii', Buffer.alloc(600), /begins with zeros/],
  ] as [string, Buffer, RegExp][])('%s, %o', (path, bytes, found) => {
    expect(fileKind(bytes, path).found).toMatch(found);
  });
});
