import { gzipSync } from 'node:zlib';
import { identityDirection, type Volume } from '../../src/imaging/volume.ts';

/** 4 × 3 × 2 voxels of 16 bits, off the origin. */
export const smallVolume: Volume = {
  size: [4, 3, 2],
  spacing: [1, 2, 3],
  origin: [5, 6, 7],
  direction: identityDirection,
  data: Int16Array.from({ length: 24 }, (_, i) => i - 5),
};

/** The same as an NRRD file with a comment and a field of its own. */
export function smallNrrd(encoding: 'raw' | 'gzip'): Uint8Array {
  const text =
    'NRRD0004\n# comment\ntype: short\ndimension: 3\nspace: left-posterior-superior\nsizes: 4 3 2\n' +
    'space directions: (1,0,0) (0,2,0) (0,0,3)\nspace origin: (5,6,7)\nendian: little\n' +
    `patient:=nobody\nencoding: ${encoding}\n\n`;
  const voxels = Buffer.from(smallVolume.data.buffer);
  return Buffer.concat([Buffer.from(text), encoding === 'raw' ? voxels : gzipSync(voxels)]);
}
