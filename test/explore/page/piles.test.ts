import { expect, it } from 'vitest';
import { type OwnFiles, pilesOf, rolesOf } from '../../../src/explore/page/piles.ts';

const dropped = (...paths: string[]) => paths.map((path) => [{ path, file: new Blob([]) }]);
const nothing: OwnFiles = { image: undefined, mask: undefined };

/** Names of scan and mask after one drop after another. */
function after(...drops: string[][]): string {
  let roles = nothing;
  for (const paths of drops) roles = rolesOf(pilesOf(dropped(...paths)), roles);
  return `${roles.image?.name ?? '-'} ${roles.mask?.name ?? '-'}`;
}

it('keeps a header with its voxels, and the files of a series together', () => {
  const names = (...paths: string[]) =>
    pilesOf(dropped(...paths)).map(({ files }) => files.map(({ path }) => path).join('+'));
  expect(names('a.nhdr', 'b.nhdr', 'a.raw', 'b.raw.gz')).toEqual([
    'a.nhdr+a.raw',
    'b.nhdr+b.raw.gz',
  ]);
  expect(names('x.mhd', 'x.zraw', 'y.hdr', 'y.img')).toEqual(['x.mhd+x.zraw', 'y.hdr+y.img']);
  expect(names('1.dcm', '2.dcm', 'RTSTRUCT.dcm', 'IM3')).toEqual([
    '1.dcm+2.dcm+IM3',
    'RTSTRUCT.dcm',
  ]);
  expect(names('a.nii.gz', 'b.nii.gz')).toEqual(['a.nii.gz', 'b.nii.gz']);
  const folder = [
    { path: 'CT/1', file: new Blob([]) },
    { path: 'CT/2', file: new Blob([]) },
  ];
  expect(pilesOf([folder, [], ...dropped('m.nrrd')]).map(({ name }) => name)).toEqual([
    'CT',
    'm.nrrd',
  ]);
});

it('finds the mask by its name, by its place, or because it is missing', () => {
  expect(after(['T1-mask.nrrd', 'T1.nrrd'])).toBe('T1.nrrd T1-mask.nrrd');
  expect(after(['a.nrrd', 'b.nrrd'])).toBe('a.nrrd b.nrrd');
  expect(after(['seg-1.nrrd', 'seg-2.nrrd'])).toBe('seg-2.nrrd seg-1.nrrd');
  expect(after(['a.nrrd'], ['b.nrrd'])).toBe('a.nrrd b.nrrd');
  expect(after(['mask.nrrd'], ['a.nrrd'])).toBe('a.nrrd mask.nrrd');
  expect(after([])).toBe('- -');
});

it('takes a further file as the next scan, or another mask of the same', () => {
  const both = ['a.nrrd', 'b.nrrd'];
  expect(after(both, ['c.nrrd'])).toBe('c.nrrd -');
  expect(after(both, ['c.nrrd'], ['d.nrrd'])).toBe('c.nrrd d.nrrd');
  expect(after(both, ['lesion-2.nrrd'])).toBe('a.nrrd lesion-2.nrrd');
});
