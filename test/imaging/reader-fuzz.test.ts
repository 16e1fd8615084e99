import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { parseNifti } from '../../src/imaging/nifti.ts';
import { niftiBytes } from '../../src/imaging/nifti-bytes.ts';
import { parseNrrd } from '../../src/imaging/nrrd.ts';
import { parseVolume } from '../../src/imaging/parse-volume.ts';
import type { Volume } from '../../src/imaging/volume.ts';
import { NacreError } from '../../src/runtime/errors.ts';
import { RandomStream } from '../../src/runtime/random-stream.ts';
import { smallNrrd, smallVolume } from './small-nrrd.ts';

const seeds: Record<string, { bytes: Uint8Array; parse: (bytes: Uint8Array) => Volume }> = {
  'NIfTI plain': {
    bytes: niftiBytes(smallVolume, { gzip: false }),
    parse: (b) => parseNifti(b, 'fuzz.nii'),
  },
  'NIfTI gzip': { bytes: niftiBytes(smallVolume), parse: (b) => parseNifti(b, 'fuzz.nii') },
  'NRRD raw': { bytes: smallNrrd('raw'), parse: (b) => parseNrrd(b, 'fuzz.nii') },
  'NRRD gzip': { bytes: smallNrrd('gzip'), parse: (b) => parseNrrd(b, 'fuzz.nii') },
  'any file': { bytes: smallNrrd('raw'), parse: (b) => parseVolume(b, 'fuzz.nii') },
};

/** Bytes overwritten, cut, doubled, or a run of them replaced. */
function mutate(bytes: Uint8Array, random: RandomStream): Uint8Array {
  const out = Uint8Array.from(bytes);
  const kind = random.integer(0, 4);
  if (kind === 0) return out.subarray(0, random.integer(0, out.length - 1));
  if (kind === 1) return Buffer.concat([out, out.subarray(random.integer(0, out.length - 1))]);
  const times = kind === 2 ? 1 : random.integer(1, 8);
  for (let t = 0; t < times; t++) {
    const at = random.integer(0, out.length - 1);
    if (kind === 4) out.fill(random.integer(0, 255), at, at + random.integer(1, 8));
    else out[at] = random.integer(0, 255);
  }
  return out;
}

describe('readers on damaged files', () => {
  it.each(Object.keys(seeds))(
    '%s: 3,000 mutations give a whole volume or an error that names the file',
    (name) => {
      const { bytes, parse } = seeds[name];
      expect(parse(bytes)).toEqual(smallVolume);
      const random = RandomStream.of(20251124, 'reader-fuzz', name);
      let refused = 0;
      for (let i = 0; i < 3000; i++) {
        try {
          const { data, size } = parse(mutate(bytes, random));
          // Bounded by what is there: no file of some hundred bytes becomes a volume of more voxels than that.
          expect(data.length).toBe(size[0] * size[1] * size[2]);
          expect(data.length).toBeLessThan(5000);
        } catch (error) {
          if (!(error instanceof NacreError)) throw error;
          expect(error.message).toContain('fuzz.nii');
          refused++;
        }
      }
      expect(refused).toBeGreaterThan(100);
      expect(refused).toBeLessThan(3000);
    },
  );

  it('refuses a bomb: a small gzip stream that unpacks to more than its header declares', () => {
    const header = niftiBytes(smallVolume, { gzip: false });
    const bomb = gzipSync(Buffer.concat([header, Buffer.alloc(2 ** 26)]));
    expect(() => parseNifti(bomb, 'bomb.nii.gz')).toThrow(/bomb\.nii\.gz.*more than its header/);
  });

  it('refuses a header that declares more than the file holds before allocating it', () => {
    const bytes = niftiBytes(smallVolume, { gzip: false });
    for (const axis of [1, 2, 3]) new DataView(bytes.buffer).setInt16(40 + 2 * axis, 1200, true);
    const before = process.memoryUsage().arrayBuffers;
    expect(() => parseNifti(bytes, 'huge.nii')).toThrow(/huge\.nii.*ends before its last voxel/);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2 ** 24);
  });
});
