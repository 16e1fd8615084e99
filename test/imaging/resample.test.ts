import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { resample, resampleOnto } from '../../src/imaging/resample.ts';
import { resampleMask } from '../../src/imaging/resample-mask.ts';
import { resampleRegion } from '../../src/imaging/resample-region.ts';
import { identityDirection, indexToPoint, type Volume } from '../../src/imaging/volume.ts';
import { readMask, readVolume } from '../../src/machine/read-volume.ts';
import { sharedFolder } from '../shared-folder.ts';

const shared = sharedFolder();
if (shared === undefined) {
  console.info('skipped: PyRadiomics resampled breast1, no folder ../shared (or NACRE_SHARED)');
}
const at = (...path: string[]) => join(shared ?? '', 'reference', 'pyradiomics', ...path);

describe.skipIf(shared === undefined)("breast1 at 1 mm equals PyRadiomics' voxel for voxel", () => {
  it.each([
    ['bspline', 'sitkBSpline'],
    ['linear', 'sitkLinear'],
  ] as const)('%s', async (interpolation, name) => {
    const image = await readVolume(at('breast1_image.nrrd'));
    const mask = await readMask(at('breast1_label.nrrd'));
    const ours = resampleRegion(image, mask, { spacing: [1, 1, 1], interpolation });
    const theirs = await readVolume(at('computed', `breast1_resampled1mm_${name}.nrrd`));
    const theirMask = await readMask(at('computed', 'breast1_resampled1mm_label.nrrd'));
    expect(ours.image.size).toEqual(theirs.size);
    expect(Math.max(...theirs.data) - Math.min(...theirs.data)).toBeGreaterThan(100);
    expect(ours.image.data).toEqual(theirs.data);
    expect(ours.mask.data).toEqual(theirMask.data);
    for (const key of ['origin', 'spacing', 'direction'] as const) {
      theirs[key].forEach((x, i) => {
        expect(ours.image[key][i]).toBeCloseTo(x, 6);
      });
    }
  });
});

/** A plane through space, sampled on a grid: what every interpolation but the nearest must give back. */
const plane = ([x, y, z]: readonly number[]) => 3 + 2 * x - 0.5 * y + 0.25 * z;

function planeOn(size: [number, number, number], spacing: [number, number, number]): Volume {
  const grid = { size, spacing, origin: [-7, 5, 11], direction: identityDirection } as const;
  const data = new Float64Array(size[0] * size[1] * size[2]);
  for (let v = 0; v < data.length; v++) {
    const [i, j] = [v % size[0], Math.floor(v / size[0]) % size[1]];
    data[v] = plane(indexToPoint(grid, [i, j, Math.floor(v / (size[0] * size[1]))]));
  }
  return { ...grid, data };
}

describe('resample', () => {
  it('gives a linear ramp back by lines, on a grid of the same centre', () => {
    const volume = planeOn([9, 7, 6], [1, 1.5, 2]);
    const out = resample(volume, { spacing: 0.8, interpolation: 'linear' });
    expect(out.size).toEqual([12, 14, 15]);
    const centre = (v: Volume) => indexToPoint(v, v.size.map((n) => (n - 1) / 2) as never);
    centre(out).forEach((x, i) => {
      expect(x).toBeCloseTo(centre(volume)[i], 10);
    });
    let inside = 0;
    const [nx, ny] = out.size;
    for (let v = 0; v < out.data.length; v++) {
      const p = indexToPoint(out, [v % nx, Math.floor(v / nx) % ny, Math.floor(v / (nx * ny))]);
      const index = p.map((x, a) => (x - volume.origin[a]) / volume.spacing[a]);
      if (!index.every((x, a) => x >= 0 && x <= volume.size[a] - 1)) continue;
      inside++;
      expect(out.data[v]).toBeCloseTo(plane(p), 9);
    }
    expect(inside).toBeGreaterThan(1000);
  });

  it('gives every voxel back at its own spacing, by spline too', () => {
    const volume = planeOn([9, 7, 6], [1, 1.5, 2]);
    for (const interpolation of ['nearest', 'linear', 'bspline'] as const) {
      const out = resample(volume, { spacing: 0, interpolation });
      expect(out.size).toEqual(volume.size);
      out.data.forEach((x, i) => {
        expect(x).toBeCloseTo(volume.data[i], 9);
      });
    }
  });

  it('truncates integers toward zero as ITK does, or rounds them as IBSI does', () => {
    const line = planeOn([3, 1, 1], [1, 1, 1]);
    const volume: Volume = { ...line, data: Int16Array.of(-7, 0, 7) };
    // A quarter of a voxel before and behind the middle one: -1.75 and 1.75.
    const grid = {
      ...line,
      size: [2, 1, 1],
      spacing: [0.5, 1, 1],
      origin: [-6.25, 5, 11],
    } as const;
    const options = { interpolation: 'linear' } as const;
    const doubles = { ...volume, data: Float64Array.from(volume.data) };
    expect([...resampleOnto(doubles, grid, options).data]).toEqual([-1.75, 1.75]);
    expect([...resampleOnto(volume, grid, options).data]).toEqual([-1, 1]);
    expect([...resampleOnto(volume, grid, { ...options, fractions: 'round' }).data]).toEqual([
      -2, 2,
    ]);
  });
});

describe('resampleMask', () => {
  const line = { size: [4, 1, 1], spacing: [2, 1, 1], origin: [0, 0, 0] } as const;
  const mask = { ...line, direction: identityDirection, data: Uint8Array.of(0, 1, 1, 0) };
  const fine = { ...mask, size: [8, 1, 1], spacing: [1, 1, 1], origin: [-0.5, 0, 0] } as const;

  it('by the nearest voxel keeps its volume when every voxel is halved', () => {
    expect([...resampleMask(mask, fine).data]).toEqual([0, 0, 1, 1, 1, 1, 0, 0]);
  });

  it('by interpolation is inside from one half on', () => {
    const ends = { ...fine, origin: [0, 0, 0] } as const;
    // Centres at 0, 1, 2 … mm: shares 0, ½, 1, 1, 1, ½, 0.
    expect([...resampleMask(mask, ends, { interpolation: 'linear' }).data].slice(0, 7)).toEqual([
      0, 1, 1, 1, 1, 1, 0,
    ]);
  });

  it('refuses a region that is lost, and a grid that is turned', () => {
    const image = { ...mask, data: Float64Array.of(1, 2, 3, 4) };
    const empty = { ...mask, data: new Uint8Array(4) };
    expect(() => resampleRegion(image, empty, { spacing: [1, 1, 1] })).toThrow(
      /no voxel before resampling/,
    );
    const turned = { ...fine, direction: [0, 1, 0, 1, 0, 0, 0, 0, 1] } as const;
    expect(() => resampleMask(mask, turned, { interpolation: 'linear' })).toThrow(/turned/);
  });
});
