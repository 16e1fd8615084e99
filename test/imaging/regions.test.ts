import { describe, expect, it } from 'vitest';
import { components, largestComponent } from '../../src/imaging/components.ts';
import { boxOf, crop, growBox } from '../../src/imaging/crop.ts';
import { countNonFinite, requireFinite } from '../../src/imaging/finite-voxels.ts';
import { fillHoles } from '../../src/imaging/holes.ts';
import { clampToWindow, normaliseToTissue } from '../../src/imaging/intensity.ts';
import { requireRegionSize } from '../../src/imaging/region-checks.ts';
import {
  identityDirection,
  indexToPoint,
  type Mask,
  type Vector3,
} from '../../src/imaging/volume.ts';
import fc from '../property-runs.ts';

/** A mask from slices drawn as rows of `#` and `.`. */
function drawn(...slices: string[][]): Mask {
  const size: Vector3 = [slices[0][0].length, slices[0].length, slices.length];
  const data = Uint8Array.from(slices.flat().join(''), (c) => (c === '#' ? 1 : 0));
  return { size, spacing: [1, 2, 3], origin: [10, 20, 30], direction: identityDirection, data };
}
const sum = (mask: Mask) => mask.data.reduce((total, x) => total + x, 0);

describe('components', () => {
  const mask = drawn(['##...', '.....', '...##'], ['.....', '..#..', '...##']);

  it('hang together over corners by 26 neighbours, over faces alone by 6', () => {
    expect(components(mask, { connectivity: 6 }).sizes).toEqual([2, 4, 1]);
    expect(components(mask).sizes).toEqual([2 + 4 + 1]);
    expect(sum(largestComponent(mask, { connectivity: 6 }))).toBe(4);
  });

  it('do not reach round the border of a row', () => {
    expect(components(drawn(['..#', '#..'])).sizes).toEqual([1, 1]);
  });

  it('of an empty mask is empty', () => {
    expect(sum(largestComponent(drawn(['...'])))).toBe(0);
  });

  it('part a region: sizes sum to it, neighbours share a label (random masks)', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 60, maxLength: 60, max: 1 }), (data) => {
        const region: Mask = { ...drawn(['.']), size: [5, 4, 3], data };
        const { labels, sizes } = components(region, { connectivity: 6 });
        expect(sizes.reduce((total, x) => total + x, 0)).toBe(sum(region));
        for (let at = 0; at < 60; at++) {
          expect(labels[at] > 0).toBe(data[at] === 1);
          if (at % 5 < 4 && data[at] === 1 && data[at + 1] === 1) {
            expect(labels[at]).toBe(labels[at + 1]);
          }
        }
      }),
      { numRuns: 100 },
    );
  });
});

describe('fillHoles', () => {
  const ring = ['.....', '.###.', '.#.#.', '.###.', '.....'];
  const full = ['.....', '.###.', '.###.', '.###.', '.....'];
  const none = ['.....', '.....', '.....', '.....', '.....'];

  it('in a slice fills what the slice encloses, in space only what space encloses', () => {
    const tube = drawn(none, ring, ring, none);
    expect(fillHoles(tube, { slicewise: true })).toEqual(drawn(none, full, full, none));
    expect(fillHoles(tube)).toEqual(tube);
    const shell = drawn(none, full, ring, full, none);
    expect(fillHoles(shell)).toEqual(drawn(none, full, full, full, none));
  });

  it('keeps a hole that is open to the border', () => {
    const open = drawn(['#.#', '#.#', '###']);
    expect(fillHoles(open, { slicewise: true })).toEqual(open);
  });
});

describe('crop', () => {
  it('to the box of a region with padding, cut at the border, every voxel in its place', () => {
    const mask = drawn(['....', '..#.', '....'], ['....', '.#..', '....']);
    expect(boxOf(mask)).toEqual({ low: [1, 1, 0], high: [2, 1, 1] });
    expect(boxOf(drawn(['..']))).toBeUndefined();
    const box = growBox({ low: [1, 1, 0], high: [2, 1, 1] }, [0, 1, 1], mask);
    expect(box).toEqual({ low: [1, 0, 0], high: [2, 2, 1] });
    const volume = { ...mask, data: Int16Array.from({ length: 24 }, (_, i) => i) };
    const part = crop(volume, box);
    expect([...part.data]).toEqual([1, 2, 5, 6, 9, 10, 13, 14, 17, 18, 21, 22]);
    expect(part.data).toBeInstanceOf(Int16Array);
    expect(indexToPoint(part, [1, 2, 1])).toEqual(indexToPoint(volume, [2, 2, 1]));
  });
});

describe('intensities', () => {
  const image = { ...drawn(['.....']), data: Int16Array.of(-1000, -160, 0, 240, 3000) };

  it('are clamped to a window by name or bounds', () => {
    expect([...clampToWindow(image, 'soft-tissue').data]).toEqual([-160, -160, 0, 240, 240]);
    expect([...clampToWindow(image, [-1, 1]).data]).toEqual([-1, -1, 0, 1, 1]);
    expect(image.data[0]).toBe(-1000);
    expect(() => clampToWindow(image, [5, 5])).toThrow(/5 to 5/);
  });

  it('are divided by the median of a tissue', () => {
    const scan = { ...image, data: Int16Array.of(50, 100, 200, 400, 7) };
    const fat = drawn(['.###.']);
    expect([...normaliseToTissue(scan, fat).data]).toEqual([0.25, 0.5, 1, 2, 0.035]);
    const even = normaliseToTissue(scan, drawn(['..##.']), { to: 300 });
    expect([...even.data]).toEqual([50, 100, 200, 400, 7]);
    expect(() => normaliseToTissue(scan, drawn(['.....']))).toThrow(/no voxel/);
    expect(() => normaliseToTissue(image, drawn(['#....']))).toThrow(/median -1000 of 1 voxels/);
    expect(() => normaliseToTissue(scan, drawn(['....']))).toThrow(/4×1×1|5×1×1/);
  });
});

describe('checks', () => {
  it('count voxels that are not numbers, in the image and in the region', () => {
    const data = Float32Array.of(1, Number.NaN, Number.POSITIVE_INFINITY, Number.NaN, 2);
    const mask = drawn(['.##..']);
    expect(countNonFinite(data, mask)).toEqual({
      nan: 2,
      infinite: 1,
      nanInside: 1,
      infiniteInside: 1,
    });
    expect(countNonFinite(Int16Array.of(1, 2))).toEqual({
      nan: 0,
      infinite: 0,
      nanInside: 0,
      infiniteInside: 0,
    });
    expect(() => requireFinite(data, { mask, file: 'x.nii', patient: 'P7' })).toThrow(
      /P7.*2 NaN and 1 infinite voxels, of these 2 in the region/s,
    );
    expect(() => requireFinite(Float32Array.of(1, 2))).not.toThrow();
  });

  it('count a region and refuse one too small by voxels or by volume', () => {
    const mask = drawn(['.##..']);
    expect(requireRegionSize(mask)).toBe(2);
    expect(requireRegionSize(mask, { leastVoxels: 2, leastVolume: 12 })).toBe(2);
    expect(() => requireRegionSize(mask, { leastVoxels: 3 })).toThrow(/2 voxels/);
    expect(() => requireRegionSize(mask, { leastVolume: 12.1, patient: 'P7' })).toThrow(
      /P7.*12\.00 mm³/s,
    );
    expect(() => requireRegionSize(drawn(['...']))).toThrow(/0 voxels/);
  });
});
