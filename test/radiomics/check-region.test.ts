import { describe, expect, it } from 'vitest';
import { checkedBox, correctedMask } from '../../src/radiomics/check-region.ts';
import { RadiomicsExtractor } from '../../src/radiomics/extractor.ts';
import { defaultSettings } from '../../src/radiomics/settings.ts';
import { grid, maskOf, volumeOf } from './small-volumes.ts';

describe('correctedMask', () => {
  const image = volumeOf([8, 6, 4], (i, j, k) => 20 * i + 7 * j + k);
  /** Voxels of 2 mm that hold two by two by two of the image's each. */
  const coarse = {
    ...grid([4, 3, 2], [2, 2, 2], [0.5, 0.5, 0.5]),
    data: maskOf([4, 3, 2], (i, j, k) => i > 0 && i < 3 && j > 0 && k < 1).data,
  };
  const fine = maskOf([8, 6, 4], (i, j, k) => i > 1 && i < 6 && j > 1 && k < 2);
  const asked = { ...defaultSettings, correctMask: true };

  it('leaves a mask on the image grid as it is', () => {
    expect(correctedMask(image, fine, defaultSettings)).toBeUndefined();
    expect(correctedMask(image, fine, asked)).toBeUndefined();
    const rounding = { ...fine, origin: [1e-5, 0, 0] as const };
    expect(correctedMask(image, rounding, defaultSettings)).toBeUndefined();
  });

  it('never resamples in silence: without being asked the differences are told', () => {
    expect(() => correctedMask(image, coarse, defaultSettings)).toThrow(
      /found size 8×6×4 and 4×3×2; spacing .* 1\.00 mm apart; origin .*; resample the mask/,
    );
    const wide = { ...defaultSettings, geometryTolerance: 0.5 };
    const shifted = { ...fine, origin: [0.4, 0, 0] as const };
    expect(correctedMask(image, shifted, wide)).toBeUndefined();
    expect(() => correctedMask(image, shifted, defaultSettings)).toThrow(/0\.400 mm apart/);
  });

  it('resamples by the nearest voxel when asked: eight voxels of 1 mm for one of 2 mm', () => {
    expect(correctedMask(image, coarse, asked)).toEqual(fine);
  });

  it('turns a mask that is stored along other axes', () => {
    // The same voxels from the opposite corner, and with j and k exchanged.
    const flipped = {
      ...fine,
      origin: [7, 5, 0] as const,
      direction: [-1, 0, 0, 0, -1, 0, 0, 0, 1] as const,
      data: maskOf([8, 6, 4], (i, j, k) => 7 - i > 1 && 7 - i < 6 && 5 - j > 1 && k < 2).data,
    };
    const exchanged = {
      ...grid([8, 4, 6]),
      direction: [1, 0, 0, 0, 0, 1, 0, 1, 0] as const,
      data: maskOf([8, 4, 6], (i, k, j) => i > 1 && i < 6 && j > 1 && k < 2).data,
    };
    for (const mask of [flipped, exchanged]) {
      expect(() => correctedMask(image, mask, defaultSettings)).toThrow(/direction/);
      expect(correctedMask(image, mask, asked)).toEqual(fine);
    }
  });

  it('and measures that region, saying so in the diagnostics', () => {
    const extractor = new RadiomicsExtractor({ setting: { correctMask: true } });
    const { features, diagnostics } = extractor.execute(image, coarse);
    expect(features).toEqual(extractor.execute(image, fine).features);
    expect(diagnostics['diagnostics_Mask-original_VoxelNum']).toBe(4);
    expect(diagnostics['diagnostics_Mask-corrected_VoxelNum']).toBe(32);
  });

  it('refuses a region that reaches out of the image, or covers no voxel centre', () => {
    const out = { ...coarse, origin: [3.5, 0.5, 0.5] as const };
    expect(() => correctedMask(image, out, asked)).toThrow(
      /i from .* to 8\.50 voxels.*-0\.5 to 7\.5/,
    );
    const speck = {
      ...grid([2, 2, 2], [0.1, 0.1, 0.1], [2.3, 2.3, 2.3]),
      data: new Uint8Array(8).fill(1),
    };
    expect(() => correctedMask(image, speck, asked)).toThrow(/resampled mask is empty/);
  });
});

describe('every label of a mask', () => {
  const image = volumeOf([8, 6, 4], (i, j, k) => (20 * i + 7 * j + 3 * k) % 53);
  const labels = volumeOf([8, 6, 4], (i, j) =>
    j === 0 ? 0 : i < 3 ? 2 : i < 6 ? 5 : +(i === 7 && j === 5),
  );

  it('gives each region what it gives alone, ascending; one that is refused stops no other', () => {
    const extractor = new RadiomicsExtractor({ setting: { minimumROIDimensions: 3 } });
    const [line, two, five] = extractor.executeAll(image, labels);
    expect(line).toMatchObject({ label: 1, error: { code: 'few-dimensions' } });
    expect(two).toEqual(extractor.execute(image, labels, { label: 2 }));
    expect(five).toEqual(extractor.execute(image, labels, { label: 5 }));
  });

  it('refuses more of them than any mask has: an image in its place', () => {
    const image = volumeOf([8, 8, 8], (i, j, k) => i + 8 * (j + 8 * k));
    expect(() => new RadiomicsExtractor().executeAll(image, image)).toThrow(
      /found more than 50 different values.*is the image given as the mask/,
    );
  });
});

describe('checkedBox', () => {
  const limits = { minimumROIDimensions: 2, minimumROISize: null };

  it('is the box of the region', () => {
    const mask = maskOf(
      [6, 5, 4],
      (i, j, k) => (i === 1 && j === 2) || (i === 4 && j === 3 && k === 2),
    );
    expect(checkedBox(mask, limits)).toEqual({ low: [1, 2, 0], high: [4, 3, 3] });
  });

  it.each([
    [[0, 0, 0], 'single-voxel', /found 1 voxel/],
    [[3, 0, 0], 'few-dimensions', /found 4×1×1 voxels, 1 longer than one, expected at least 2/],
  ] as const)('refuses a box of so many more voxels %j: %s', ([x, y, z], code, message) => {
    const mask = maskOf([6, 5, 4], (i, j, k) => i <= x && j <= y && k <= z);
    expect(() => checkedBox(mask, limits)).toThrow(expect.objectContaining({ code }));
    expect(() => checkedBox(mask, limits)).toThrow(message);
  });

  it('counts dimensions and voxels as the settings say', () => {
    const slice = maskOf([6, 5, 4], (_i, _j, k) => k === 1);
    expect(checkedBox(slice, limits).high).toEqual([5, 4, 1]);
    expect(() => checkedBox(slice, { ...limits, minimumROIDimensions: 3 })).toThrow(/6×5×1/);
    expect(() => checkedBox(slice, { ...limits, minimumROISize: 30 })).toThrow(
      /30 voxels.*more than 30/,
    );
    expect(checkedBox(slice, { ...limits, minimumROISize: 29 }).low).toEqual([0, 0, 1]);
    expect(() =>
      checkedBox(
        maskOf([2, 2, 2], () => false),
        limits,
      ),
    ).toThrow(/0 voxels/);
  });
});
