import { describe, expect, it } from 'vitest';
import { aggregationOf, slicesOf, textureClasses } from '../../src/radiomics/aggregation.ts';
import { discretise } from '../../src/radiomics/discretisation.ts';
import { RadiomicsExtractor } from '../../src/radiomics/extractor.ts';
import type { Aggregation } from '../../src/radiomics/feature-class.ts';
import { featureClass } from '../../src/radiomics/feature-classes.ts';
import { featureDefinitions } from '../../src/radiomics/feature-definitions.ts';
import { ibsiConfigurations } from '../../src/radiomics/ibsi-configuration-names.ts';
import { ibsiParameters } from '../../src/radiomics/ibsi-configurations.ts';
import { radiomicsSettings } from '../../src/radiomics/parameter-file.ts';
import { regionOfInterest } from '../../src/radiomics/region-of-interest.ts';
import type { Settings } from '../../src/radiomics/settings.ts';
import { byName, madeScan } from './made-region.ts';

const { image, mask } = madeScan(
  [7, 6, 5],
  (i, j, k) => 1 + ((i * 5 + j * 3 + k * 7 + i * j * k) % 4),
  (i, j, k) => +(i + j + k < 13 && i * k !== 12),
);
const region = discretise(regionOfInterest(image, mask), { binWidth: 1, conventions: 'ibsi' });
const textures = Object.fromEntries(textureClasses.map((name) => [name, []]));
const measured = (setting: Partial<Settings>) =>
  new RadiomicsExtractor({
    featureClass: textures,
    setting: { binWidth: 1, conventions: 'ibsi', ...setting },
  }).execute(image, mask).features;

describe('aggregation', () => {
  it.each([
    [{}, '3D-averaged'],
    [{ weightingNorm: 'no_weighting' }, '3D-merged'],
    [{ force2D: true }, '2.5D-averaged'],
    [{ force2D: true }, '2.5D-direction-merged'],
    [{ force2D: true, weightingNorm: 'no_weighting' }, '2.5D-merged'],
  ] as [Partial<Settings>, Aggregation][])('%j is %s', (setting, aggregation) => {
    expect(measured({ aggregation })).toEqual(measured(setting));
    if (aggregation !== '2.5D-direction-merged') expect(aggregationOf(setting)).toBe(aggregation);
  });

  it('has no name for weights by distance, and overrules them', () => {
    expect(aggregationOf({ weightingNorm: 'euclidean' })).toBeUndefined();
    expect(measured({ aggregation: '3D-merged', weightingNorm: 'euclidean' })).toEqual(
      measured({ weightingNorm: 'no_weighting' }),
    );
  });

  it.each(['glszm', 'gldm', 'ngtdm', 'ngldm'])('in 2D %s is the mean of its slices', (name) => {
    const one = featureClass(name);
    if (one.needs !== 'levels') throw new Error('a texture class');
    const slices = slicesOf(region, 2).map((slice) => byName(one.compute(slice, {})));
    const whole = byName(one.compute(region, { aggregation: '2D-averaged' }));
    for (const [feature, value] of Object.entries(whole)) {
      const mean = slices.reduce((sum, slice) => sum + slice[feature], 0) / slices.length;
      expect(value, feature).toBeCloseTo(mean, 10);
    }
    expect(byName(one.compute(region, { aggregation: '2D-slice-merged' }))).toEqual(whole);
  });

  it('averages over directions and slices, or over slices whose directions are merged', () => {
    const glcm = featureClass('glcm');
    if (glcm.needs !== 'levels') throw new Error('a texture class');
    const merged = slicesOf(region, 2).map((slice) =>
      byName(glcm.compute(slice, { weightingNorm: 'no_weighting', conventions: 'ibsi' })),
    );
    const whole = byName(
      glcm.compute(region, { aggregation: '2D-slice-merged', conventions: 'ibsi' }),
    );
    for (const [feature, value] of Object.entries(whole)) {
      const mean = merged.reduce((sum, slice) => sum + slice[feature], 0) / merged.length;
      expect(value, feature).toBeCloseTo(mean, 10);
    }
  });

  it('takes slices across another axis', () => {
    const turned = measured({ aggregation: '2D-averaged', force2Ddimension: 2 });
    expect(turned).not.toEqual(measured({ aggregation: '2D-averaged' }));
    expect(slicesOf(region, 0)).toHaveLength(7);
    const voxels = slicesOf(region, 1).reduce((sum, slice) => sum + slice.voxels, 0);
    expect(voxels).toBe(region.voxels);
  });

  it('of a region of one slice is the same in 2D and in 2.5D', () => {
    const flat = madeScan([6, 5, 1], (i, j) => 1 + ((i * 3 + j * j) % 4));
    const of = (aggregation: Aggregation) =>
      new RadiomicsExtractor({
        featureClass: textures,
        setting: { binWidth: 1, conventions: 'ibsi', aggregation },
      }).execute(flat.image, flat.mask).features;
    expect(of('2D-averaged')).toEqual(of('2.5D-averaged'));
    expect(of('2D-slice-merged')).toEqual(of('2.5D-merged'));
  });

  it('stands in the definitions by its code', () => {
    const codes = (settings: Parameters<typeof featureDefinitions>[0]) => {
      const { glcm, glszm, firstorder } = featureDefinitions(settings);
      return [glcm[0].aggregation, glszm[0].aggregation, firstorder[0].aggregation];
    };
    expect(codes(undefined)).toEqual([undefined, undefined, undefined]);
    expect(codes({})).toEqual(['ITBB', 'KOBO', undefined]);
    expect(codes({ aggregation: '2D-slice-merged' })).toEqual(['SUJT', '8QNN', undefined]);
    expect(codes({ force2D: true })).toEqual(['JJUI', '62GR', undefined]);
    expect(codes({ weightingNorm: 'manhattan' })).toEqual([undefined, 'KOBO', undefined]);
  });
});

describe('ibsiParameters', () => {
  it.each(ibsiConfigurations)('%s is a parameter file of coded features', (name) => {
    const { featureClass: classes, setting } = radiomicsSettings(ibsiParameters(name));
    expect(setting.conventions).toBe('ibsi');
    for (const [family, features] of Object.entries(classes)) {
      const coded = featureClass(family).features.filter(({ ibsi }) => ibsi !== undefined);
      expect(features).toEqual(coded.map((feature) => feature.name));
    }
  });
});
