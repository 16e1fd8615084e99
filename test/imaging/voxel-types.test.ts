import { describe, expect, it } from 'vitest';
import { decodeVoxels } from '../../src/imaging/voxel-types.ts';

const where = { file: 'scan.nii' };

/** Three voxels after a header of so many bytes. */
function behindHeader(header: number, all = header + 6): Uint8Array {
  const bytes = new Uint8Array(all);
  new DataView(bytes.buffer).setInt16(header, -2, true);
  new DataView(bytes.buffer).setInt16(header + 2, 300, true);
  return bytes.subarray(header, header + 6);
}

describe('decodeVoxels', () => {
  it('keeps bytes that it shares with nobody where they are', () => {
    const bytes = behindHeader(352);
    const voxels = decodeVoxels(bytes, 'int16', true, { ...where, unshared: true });
    expect([...voxels]).toEqual([-2, 300, 0]);
    expect(voxels.buffer).toBe(bytes.buffer);
  });

  it.each([
    ['belong to the caller', behindHeader(352), false],
    ['are not aligned', behindHeader(353), true],
    ['lie in a much larger buffer', behindHeader(352, 2 ** 20), true],
  ])('copies bytes that %s', (_, bytes, unshared) => {
    const voxels = decodeVoxels(bytes, 'int16', true, { ...where, unshared });
    expect([...voxels]).toEqual([-2, 300, 0]);
    expect(voxels.buffer.byteLength).toBe(6);
  });

  it('turns the other byte order without touching bytes of the caller', () => {
    const bytes = behindHeader(352);
    const before = [...bytes];
    expect([...decodeVoxels(bytes, 'int16', false, where)]).toEqual([-257, 11265, 0]);
    expect([...bytes]).toEqual(before);
  });
});
