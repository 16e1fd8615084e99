import { describe, expect, it } from 'vitest';
import { syntheticScan } from '../../src/notebook/synthetic-scan.ts';
import { discretise } from '../../src/radiomics/discretisation.ts';
import { regionOfInterest } from '../../src/radiomics/region-of-interest.ts';
import { intensityHistogram } from '../../src/report/figures/intensity-histogram.ts';
import { intensityVolumeHistogram } from '../../src/report/figures/intensity-volume-histogram.ts';
import { type TextureClass, textureMatrix } from '../../src/report/figures/texture-matrix.ts';

const { volume, tumour } = syntheticScan('ct');
const region = discretise(regionOfInterest(volume, tumour), { binWidth: 5 });

interface Drawn {
  x: number[];
  y: number[];
  z: (number | null)[][];
  customdata: number[];
}
const drawn = (texture: TextureClass) =>
  textureMatrix(region, texture).data as unknown as [Drawn, Drawn];
const sum = (values: number[]) => values.reduce((a, b) => a + b, 0);

describe('what the picture of a texture class shows adds up to the region', () => {
  it('GLRLM: in each of 13 directions the runs hold every voxel', () => {
    const [, { x, customdata }] = drawn('glrlm');
    expect(sum(x.map((length, i) => length * customdata[i]))).toBe(13 * region.voxels);
  });

  it('GLSZM: the zones hold every voxel', () => {
    const [, { x, customdata }] = drawn('glszm');
    expect(sum(x.map((size, i) => size * customdata[i]))).toBe(region.voxels);
  });

  it('GLDZM: as many zones as GLSZM has, none nearer than 1 nor deeper than the region', () => {
    const [, { x, customdata }] = drawn('gldzm');
    expect(sum(customdata)).toBe(sum(drawn('glszm')[1].customdata));
    expect(Math.min(...x)).toBe(1);
    expect(Math.max(...x)).toBeLessThanOrEqual(Math.ceil(Math.min(...region.size) / 2));
  });

  it('GLDM: each voxel is counted once, under its level', () => {
    const [, { y, customdata }] = drawn('gldm');
    for (const level of region.presentLevels) {
      const counted = sum(customdata.filter((_, i) => y[i] === level));
      expect(counted).toBe(region.levelVoxels[level]);
    }
  });

  it('GLCM: symmetric in the levels themselves', () => {
    const [, { x, y, customdata }] = drawn('glcm');
    const counts = new Map(customdata.map((n, i) => [`${y[i]},${x[i]}`, n]));
    expect(counts.size).toBeGreaterThan(region.presentLevels.length);
    for (const [key, n] of counts) expect(counts.get(key.split(',').reverse().join(','))).toBe(n);
  });

  it('NGTDM: a bar for each level present', () => {
    const [, { x, y }] = drawn('ngtdm');
    expect(x).toEqual(Array.from(region.presentLevels));
    expect(y.every((mean) => mean > 0)).toBe(true);
  });

  it('the middle slice shows levels inside the region alone', () => {
    const [{ z }] = drawn('glcm');
    const [nx, ny, nz] = region.size;
    const slice = region.mask.subarray(nx * ny * (nz >> 1), nx * ny * ((nz >> 1) + 1));
    expect(z.flat().map((level) => (level === null ? 0 : 1))).toEqual(Array.from(slice));
  });

  it('the intensity-volume histogram falls from 1 to the share of the highest', () => {
    const [{ x, y }] = intensityVolumeHistogram(region).data as unknown as [Drawn];
    expect(y[0]).toBe(1);
    expect(y.every((share, i) => i === 0 || (share < y[i - 1] && x[i] > x[i - 1]))).toBe(true);
  });

  it('the histogram holds every voxel, each bar within its bin', () => {
    const [bars] = intensityHistogram(region).data as unknown as [Drawn];
    expect(sum(bars.y)).toBe(region.voxels);
    expect(bars.x[0]).toBe((region.binEdges[0] + region.binEdges[1]) / 2);
  });
});
