import { describe, expect, it } from 'vitest';
import {
  labelsOf,
  maskOfLabel,
  masksOfLabels,
  requireNotExchanged,
} from '../../src/imaging/mask-labels.ts';
import type { VoxelArray } from '../../src/imaging/volume.ts';
import { grid } from '../radiomics/small-volumes.ts';

const volume = (data: VoxelArray) => ({ ...grid([data.length, 1, 1]), data });
const inside = (data: VoxelArray, choice = {}) => [...maskOfLabel(volume(data), choice).data];

describe('maskOfLabel', () => {
  it('takes one label, also of a mask stored as floating point', () => {
    expect(inside(Uint8Array.of(0, 1, 2, 1))).toEqual([0, 1, 0, 1]);
    expect(inside(Float32Array.of(0, 1, 2, 2), { label: 2 })).toEqual([0, 0, 1, 1]);
    expect(() => inside(Uint8Array.of(0, 3, 3, 7))).toThrow(
      /found labels 3 \(2 voxels\), 7 \(1 voxels\), expected label 1/,
    );
    expect(() => inside(Uint8Array.of(0, 0))).toThrow(/the mask is empty/);
  });

  it('shares bytes that are the region already; other labels are copied', () => {
    const ones = Uint8Array.of(0, 1, 1);
    expect(maskOfLabel(volume(ones)).data).toBe(ones);
    for (const data of [Uint8Array.of(0, 1, 2), Uint8Array.of(0, 2, 2), Int16Array.of(0, 1, 1)]) {
      const label = data[1];
      const mask = maskOfLabel(volume(data), { label });
      expect(mask.data).not.toBe(data);
      expect([...mask.data]).toEqual([0, 1, label === data[2] ? 1 : 0]);
    }
  });

  it('refuses fractions, also beside exact ones, with the counts and the option that is needed', () => {
    const nearly = Float32Array.of(0, 0, 1, 1, 0.99999);
    expect(() => inside(nearly)).toThrow(
      /of 5 voxels 1 that are not whole \(such as 0\.9999.*\), 2 of exactly 1, 2 of 0.*--mask-threshold 0\.5/,
    );
    expect(() => inside(Float32Array.of(0, 0.2, 0.7))).toThrow(/2 that are not whole/);
    expect(inside(nearly, { threshold: 0.5 })).toEqual([0, 0, 1, 1, 1]);
    expect(inside(Float32Array.of(0, 0.2, 0.5, 0.7), { threshold: 0.5 })).toEqual([0, 0, 1, 1]);
    expect(() => inside(Float32Array.of(0, 0.2), { threshold: 0.5 })).toThrow(
      /reaches the threshold/,
    );
    expect(() => inside(nearly, { threshold: 0 })).toThrow(/above 0/);
  });

  it('refuses negative labels and values that are not numbers, also where the label asked for is there', () => {
    expect(() => inside(Int16Array.of(0, -1, 1))).toThrow(/1 below 0 \(such as -1\)/);
    expect(() => inside(Float32Array.of(0, Number.NaN, 1))).toThrow(/1 that are not finite/);
    expect(() => inside(Float32Array.of(0, Number.NaN, 1), { threshold: 0.5 })).toThrow(/NaN/);
  });

  it('refuses an image given as a mask', () => {
    const many = Int16Array.from({ length: 600 }, (_, i) => i);
    expect(() => inside(many)).toThrow(/more than 255 different values.*is the image given/);
  });
});

it('labels are counted, ascending; several are drawn in one pass', () => {
  const labels = volume(Int16Array.of(0, 7, 7, 2, 0));
  expect(labelsOf(labels)).toEqual([
    { label: 2, voxels: 1 },
    { label: 7, voxels: 2 },
  ]);
  const masks = masksOfLabels(labels, [7, 2]);
  expect([...masks].map(([label, { data }]) => [label, ...data])).toEqual([
    [7, 0, 1, 1, 0, 0],
    [2, 0, 0, 0, 1, 0],
  ]);
});

describe('requireNotExchanged', () => {
  const scan = volume(Int16Array.from({ length: 600 }, (_, i) => (i * 7) % 240));
  const mask = volume(Int16Array.from({ length: 600 }, (_, i) => (i < 50 ? 1 : 0)));

  it('asks whether image and mask are exchanged, or one is given twice', () => {
    expect(() => requireNotExchanged(mask, scan)).toThrow(/is the mask given as the image/);
    expect(() => requireNotExchanged(scan, scan)).toThrow(/is the image given as the mask, too/);
    const coarse = volume(Int16Array.from({ length: 4000 }, (_, i) => (i * 7919) % 40));
    const binary = volume(Uint8Array.from({ length: 4000 }, (_, i) => (i < 300 ? 1 : 0)));
    expect(() => requireNotExchanged(binary, coarse)).toThrow(/is the mask given as the image/);
    requireNotExchanged(coarse, binary);
  });

  it('lets a pair pass, a mask measured on itself and many organs in an image of many values', () => {
    requireNotExchanged(scan, mask);
    requireNotExchanged(mask, mask);
    requireNotExchanged(
      scan,
      volume(Uint8Array.from({ length: 600 }, (_, i) => Math.floor(i / 6))),
    );
  });
});
