import { describe, expect, it } from 'vitest';
import { parseNifti } from '../../src/imaging/nifti.ts';
import { niftiBytes } from '../../src/imaging/nifti-bytes.ts';
import {
  identityDirection,
  type Matrix3,
  type Volume,
  type VoxelArray,
} from '../../src/imaging/volume.ts';

const turned: Matrix3 = [0.8, -0.6, 0, 0.6, 0.8, 0, 0, 0, -1];

function volumeOf(data: VoxelArray, direction: Matrix3 = identityDirection): Volume {
  return { size: [3, 2, 2], spacing: [0.5, 1.25, 4], origin: [-10, 20, 30], direction, data };
}

describe('NIfTI', () => {
  it.each([
    Int8Array,
    Uint8Array,
    Int16Array,
    Uint16Array,
    Int32Array,
    Uint32Array,
    Float32Array,
    Float64Array,
  ])('%o: what is written is read, voxels and geometry', (type) => {
    const voxels = new type(12);
    for (let i = 0; i < 12; i++) voxels[i] = 3 * i;
    const volume = volumeOf(voxels, turned);
    for (const gzip of [true, false]) {
      const read = parseNifti(niftiBytes(volume, { gzip }), 'x.nii');
      expect(read.data).toEqual(volume.data);
      expect(read.size).toEqual(volume.size);
      for (const key of ['spacing', 'origin', 'direction'] as const) {
        volume[key].forEach((x, i) => {
          expect(read[key][i]).toBeCloseTo(x, 5);
        });
      }
    }
  });

  it('reads the qform where the sform has no code, to the same place', () => {
    for (const direction of [turned, identityDirection, [-1, 0, 0, 0, -1, 0, 0, 0, 1] as Matrix3]) {
      const volume = volumeOf(new Uint8Array(12), direction);
      const bytes = niftiBytes(volume, { gzip: false });
      new DataView(bytes.buffer).setInt16(254, 0, true);
      const read = parseNifti(bytes, 'x.nii');
      volume.direction.forEach((x, i) => {
        expect(read.direction[i]).toBeCloseTo(x, 5);
      });
      volume.origin.forEach((x, i) => {
        expect(read.origin[i]).toBeCloseTo(x, 5);
      });
    }
  });

  it('applies slope and intercept', () => {
    const bytes = niftiBytes(volumeOf(Int16Array.from({ length: 12 }, (_, i) => i)), {
      gzip: false,
    });
    const header = new DataView(bytes.buffer);
    header.setFloat32(112, 2, true);
    header.setFloat32(116, -1000, true);
    expect([...parseNifti(bytes, 'x.nii').data.slice(0, 3)]).toEqual([-1000, -998, -996]);
  });

  it('reads big-endian files', () => {
    const volume = volumeOf(Int16Array.from({ length: 12 }, (_, i) => i * 100 - 300));
    const little = niftiBytes(volume, { gzip: false });
    const big = little.slice();
    const [from, to] = [new DataView(little.buffer), new DataView(big.buffer)];
    const swap16 = [...Array(8).keys()].map((i) => 40 + 2 * i).concat([70, 72, 252, 254]);
    const swap32 = [0, ...[...Array(8).keys()].map((i) => 76 + 4 * i), 108, 112, 116];
    for (let at = 256; at < 328; at += 4) swap32.push(at);
    for (let i = 0; i < 12; i++) swap16.push(352 + 2 * i);
    for (const at of swap16) to.setInt16(at, from.getInt16(at, true), false);
    for (const at of swap32) to.setInt32(at, from.getInt32(at, true), false);
    const read = parseNifti(big, 'big.nii');
    expect(read.data).toEqual(volume.data);
    expect(read.origin).toEqual(volume.origin);
  });

  it('reads 64-bit integers within ±2^53 and refuses others; refuses RGB and 4D with what to do', () => {
    const bytes = niftiBytes(volumeOf(new Float64Array(12)), { gzip: false });
    const header = new DataView(bytes.buffer);
    header.setInt16(70, 1024, true);
    header.setBigInt64(352, -(2n ** 40n), true);
    expect(parseNifti(bytes, 'x.nii').data[0]).toBe(-(2 ** 40));
    header.setBigInt64(352, 2n ** 60n, true);
    expect(() => parseNifti(bytes, 'x.nii')).toThrow(/x\.nii.*1152921504606846976.*float64/);
    header.setInt16(70, 128, true);
    expect(() => parseNifti(bytes, 'x.nii')).toThrow(/RGB24/);
    header.setInt16(70, 64, true);
    header.setInt16(40, 4, true);
    expect(parseNifti(bytes, 'x.nii').size).toEqual([3, 2, 2]);
    header.setInt16(48, 2, true);
    expect(() => parseNifti(bytes, 'x.nii')).toThrow(/3×2×2×2.*one time point/);
  });
});
