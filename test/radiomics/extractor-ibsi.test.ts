import { describe, expect, it } from 'vitest';
import type { Mask, Volume } from '../../src/imaging/volume.ts';
import { gldzm } from '../../src/radiomics/classes/gldzm.ts';
import { localIntensity } from '../../src/radiomics/classes/local-intensity.ts';
import { withLevels } from '../../src/radiomics/discretisation.ts';
import { RadiomicsExtractor } from '../../src/radiomics/extractor.ts';
import { sampledLaplacianOfGaussian } from '../../src/radiomics/filters/sampled-laplacian-of-gaussian.ts';
import { square } from '../../src/radiomics/filters/square.ts';
import type { ParameterFile } from '../../src/radiomics/parameter-file.ts';
import { regionOfInterest } from '../../src/radiomics/region-of-interest.ts';
import { byName, madeScan, type Voxel } from './made-region.ts';

const noise: Voxel = (i, j, k) => ((7 * i + 11 * j + 13 * k + i * j * k) % 23) - 5;
const middle: Voxel = (i, j, k) => (i > 3 && i < 9 && j > 2 && j < 8 && k > 1 && k < 6 ? 1 : 0);
const scan = madeScan([13, 11, 8], noise, middle, [2, 2, 2]);

function extract(
  file: ParameterFile,
  { image, mask }: { image: Volume; mask: Mask } = scan,
): Record<string, number> {
  const setting = { conventions: 'ibsi' as const, ...file.setting };
  return new RadiomicsExtractor({ ...file, setting }).execute(image, mask, { label: 1 }).features;
}

describe('conventions: ibsi through the extractor', () => {
  it('bins of fixed width begin at the lower end of the re-segmentation range', () => {
    const asked = {
      firstorder: ['Minimum', 'Maximum'],
      intensityhistogram: ['Minimum', 'Maximum'],
    };
    const of = (resegmentRange: number[] | null) =>
      extract({ featureClass: asked, setting: { resegmentRange, binWidth: 3 } });
    const got = of([-11, 12]);
    expect(got.original_firstorder_Minimum).toBe(-5);
    expect(got.original_firstorder_Maximum).toBe(12);
    expect(got.original_intensityhistogram_Minimum).toBe(3);
    expect(got.original_intensityhistogram_Maximum).toBe(8);
    expect(of(null).original_intensityhistogram_Minimum).toBe(1);
  });

  it('excess kurtosis; PyRadiomics has 3 more', () => {
    const of = (conventions: 'ibsi' | 'pyradiomics') =>
      extract({ featureClass: { firstorder: ['Kurtosis'] }, setting: { conventions } })
        .original_firstorder_Kurtosis;
    expect(of('pyradiomics') - of('ibsi')).toBeCloseTo(3, 12);
  });

  it('shape, morphology and zone distances from the mask before re-segmentation', () => {
    const featureClass = { shape: [], morphology: [], gldzm: [], intensitystatistics: [] };
    const setting = { resegmentRange: [0, 12], binWidth: 1 };
    const [got, whole] = [extract({ featureClass, setting }), extract({ featureClass })];
    expect(got.original_shape_VoxelVolume).toBe(5 * 5 * 4 * 8);
    expect(got.original_morphology_VolumeDensityAABB).toBe(
      whole.original_morphology_VolumeDensityAABB,
    );
    expect(got.original_morphology_IntegratedIntensity).not.toBeCloseTo(
      whole.original_morphology_IntegratedIntensity,
      3,
    );
    // Levels from 1, as bins of width 1 from 0 give them.
    const raised = { ...scan.image, data: scan.image.data.map((x) => x + 1) };
    const left = { ...scan.mask, data: scan.mask.data.slice() };
    scan.image.data.forEach((x, at) => {
      if (x < 0 || x > 12) left.data[at] = 0;
    });
    const morphology = regionOfInterest(scan.image, scan.mask);
    const direct = byName(
      gldzm.compute(withLevels(regionOfInterest(raised, left)), { morphology }),
    );
    for (const [name, value] of Object.entries(direct)) {
      expect(got[`original_gldzm_${name}`], name).toBeCloseTo(value, 12);
    }
  });

  it('local intensity looks beyond the region, in filtered images too', () => {
    const got = extract({
      imageType: { Original: {}, LoG: { sigma: [2] }, Square: {} },
      featureClass: { localintensity: [] },
    });
    const log = sampledLaplacianOfGaussian(scan.image, { sigma: 2 }).volume;
    for (const [name, image] of [
      ['original', scan.image],
      ['log-sigma-2-0-mm-3D', log],
      ['square', square(scan.image).volume],
    ] as const) {
      const all = { ...image, intensity: Float64Array.from(image.data) };
      const region = regionOfInterest(image, scan.mask);
      const direct = byName(localIntensity.compute(region, { surroundings: all }));
      expect(got[`${name}_localintensity_LocalPeak`]).toBeCloseTo(direct.LocalPeak, 12);
      expect(got[`${name}_localintensity_GlobalPeak`]).toBeCloseTo(direct.GlobalPeak, 12);
    }
  });

  it("the Laplacian of Gaussian is IBSI 2's sampled one, PyRadiomics' the recursive one", () => {
    const of = (conventions: 'ibsi' | 'pyradiomics') =>
      extract({
        imageType: { LoG: { sigma: [3] } },
        featureClass: { firstorder: ['Mean'] },
        setting: { conventions },
      })['log-sigma-3-0-mm-3D_firstorder_Mean'];
    const log = sampledLaplacianOfGaussian(scan.image, { sigma: 3 }).volume;
    const { intensity, mask, voxels } = regionOfInterest(log, scan.mask);
    const mean = intensity.reduce((sum, x, at) => sum + x * mask[at], 0) / voxels;
    expect(of('ibsi')).toBeCloseTo(mean, 12);
    expect(of('pyradiomics')).not.toBeCloseTo(mean, 2);
  });

  it('the intensity-volume histogram takes the re-segmentation range, bins and their number', () => {
    const asked = { intensityvolumehistogram: ['IntensityAtVolumeFraction90'] };
    const of = (setting: NonNullable<ParameterFile['setting']>) =>
      extract({ featureClass: asked, setting })
        .original_intensityvolumehistogram_IntensityAtVolumeFraction90;
    const values = regionValues();
    // The lowest whole number that at most 90% of the voxels reach.
    let i = -5;
    while (values.filter((x) => x >= i).length > 0.9 * values.length) i++;
    expect(of({})).toBe(i);
    // Centres of bins of 0.5 from -20.
    expect(of({ resegmentRange: [-20, 30], ivhBinWidth: 0.5 })).toBe(i - 1 + 0.75);
    expect(of({ ivhBinCount: 22 })).toBeGreaterThanOrEqual(1);
  });

  it('resampling rounds what is whole numbers, whatever type stores them', () => {
    const setting = { resampledPixelSpacing: [1.3, 1.3, 1.3], interpolator: 'sitkLinear' } as const;
    const maximum = (data: Float32Array) =>
      extract(
        { featureClass: { firstorder: ['Mean', 'Maximum', 'Median'] }, setting: setting as never },
        { image: { ...scan.image, data }, mask: scan.mask },
      ).original_firstorder_Maximum;
    const stored = Float32Array.from(scan.image.data);
    expect(Number.isInteger(maximum(stored))).toBe(true);
    expect(Number.isInteger(maximum(stored.map((x) => 0.37 * x)))).toBe(false);
  });

  it('every feature of every class is a number, or has a reason', () => {
    const classes = ['shape', 'firstorder', 'morphology', 'gldzm', 'ngldm', 'localintensity'];
    const histograms = ['intensityhistogram', 'intensityvolumehistogram', 'intensitystatistics'];
    const { features, reasons } = new RadiomicsExtractor({
      imageType: { Original: {}, Square: {} },
      featureClass: Object.fromEntries([...classes, ...histograms].map((name) => [name, []])),
      setting: { conventions: 'ibsi', resegmentRange: [-1, 1], resegmentMode: 'sigma' },
    }).execute(scan.image, scan.mask, { label: 1 });
    expect(Object.keys(features).filter((name) => /morphology|shape/.test(name))).toEqual(
      expect.not.arrayContaining([expect.stringContaining('square')]),
    );
    for (const [name, value] of Object.entries(features)) {
      expect(Number.isNaN(value), name).toBe(name in reasons);
    }
  });
});

function regionValues(): number[] {
  return Array.from(scan.image.data).filter((_, at) => scan.mask.data[at] === 1);
}
