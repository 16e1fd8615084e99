import { describe, expect, it } from 'vitest';
import { architecture } from '../../src/deep/architecture.ts';
import { deepInput } from '../../src/deep/deep-input.ts';
import { describeFeatures, featureDifference } from '../../src/deep/describe-features.ts';
import { describeInput } from '../../src/deep/describe-input.ts';
import { layerMultiplications } from '../../src/deep/multiplications.ts';
import { saliencyShare } from '../../src/deep/saliency-share.ts';
import { madeScan } from './made-scans.ts';

describe('features in numbers', () => {
  const names = ['a', 'b', 'c', 'd'];
  const values = Float32Array.of(0.5, 2, 0, 1.5);

  it('counts, ranges, averages and names the largest', () => {
    expect(describeFeatures({ names, values })).toEqual({
      count: 4,
      smallest: 0,
      mean: 1,
      largest: 2,
      largestName: 'b',
    });
  });

  it('the difference is a share of the largest feature', () => {
    const other = Float32Array.of(0.5, 2, 0.25, 1.5);
    expect(featureDifference({ values }, { values })).toBe(0);
    expect(featureDifference({ values }, { values: other })).toBe(0.125);
    expect(() => featureDifference({ values }, { values: values.subarray(1) })).toThrow(
      '3 features',
    );
  });
});

describe('an input in numbers', () => {
  const { volume, mask } = madeScan({ seed: 3 });
  const choice = { size: 16, spacing: 3 };
  const masked = deepInput(volume, mask, choice);

  it('masking fills all but the region with 0', () => {
    const { voxels, spacing, regionShare, zeroShare, largest, window } = describeInput(masked);
    expect(voxels).toEqual([16, 16, 16]);
    expect(spacing).toEqual([3, 3, 3]);
    expect(regionShare).toBe((masked.region?.filter((v) => v === 1).length ?? 0) / 4096);
    expect(regionShare).toBeGreaterThan(0);
    expect(zeroShare).toBeGreaterThanOrEqual(1 - regionShare);
    expect(largest).toBe(Math.max(...masked.data));
    expect(window).toEqual([-2, Math.max(2, Math.ceil(largest))]);
    const boxed = deepInput(volume, mask, { ...choice, region: 'boxed' });
    expect(describeInput(boxed).zeroShare).toBeLessThan(zeroShare);
  });
});

it('the useful share of the multiplications of a kernel spread by 4 over 4 voxels is 1 of 27', () => {
  const layers = layerMultiplications(architecture('resnet10'), 32);
  expect(layers[4]).toMatchObject({ layer: 'layer4', edge: 4 });
  const { nominal, useful, usefulShare } = layers[4];
  expect(usefulShare).toBe(useful / nominal);
  expect(usefulShare).toBeLessThan(0.06);
  expect(usefulShare).toBeGreaterThan(1 / 27);
});

it('a saliency map becomes shares of its largest magnitude', () => {
  const map = { ...madeScan({ seed: 1 }).volume, data: Float32Array.of(-4, 2, 0, 1) };
  expect([...saliencyShare(map).data]).toEqual([-1, 0.5, 0, 0.25]);
  expect([...saliencyShare({ ...map, data: new Float32Array(2) }).data]).toEqual([0, 0]);
});
