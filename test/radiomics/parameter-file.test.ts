import { describe, expect, it } from 'vitest';
import { readParameterFile } from '../../src/machine/read-parameter-file.ts';
import { defaultClasses, featureNames } from '../../src/radiomics/feature-classes.ts';
import {
  overridesFrom,
  type ParameterFile,
  parseParameterText,
  radiomicsSettings,
} from '../../src/radiomics/parameter-file.ts';
import { defaultSettings } from '../../src/radiomics/settings.ts';
import { settingsHash } from '../../src/radiomics/settings-hash.ts';

const parse = (text: string) => parseParameterText(text, { file: 'p.yaml' });

describe('a parameter file', () => {
  it('as PyRadiomics writes them: groups, empty entries, comments', () => {
    const { imageType, featureClass, setting } = parse(`
# from PyRadiomics' examples
imageType:
  Original: {}
  LoG:
    sigma: [1.0, 3, 2.5]
  Wavelet:
    binWidth: 10
featureClass:
  shape:
  firstorder: []
  glcm:
    - 'Contrast'
    - 'JointEntropy'
    - 'Contrast'
setting:
  binWidth: 5
  interpolator: 'sitkLinear'
  resampledPixelSpacing: [2, 2, 2]
  label: 2
`);
    expect(Object.keys(imageType)).toEqual(['Original', 'LoG', 'Wavelet']);
    // An integer keeps its spelling, which is in the image's name.
    expect(imageType.LoG).toEqual({ sigma: [1, '3', 2.5] });
    expect(imageType.Wavelet).toEqual({ binWidth: 10 });
    expect(featureClass.shape).toEqual(featureNames('shape')?.standard);
    expect(featureClass.glcm).toEqual(['Contrast', 'JointEntropy']);
    expect(setting).toEqual({
      ...defaultSettings,
      binWidth: 5,
      interpolator: 'sitkLinear',
      resampledPixelSpacing: [2, 2, 2],
      label: 2,
    });
  });

  it('left out in whole or in part means PyRadiomics’ defaults', () => {
    for (const text of ['', '{}', 'imageType:\nsetting:\nfeatureClass:\n', 'imageType: {}\n']) {
      const { imageType, featureClass, setting } = parse(text);
      expect(imageType).toEqual({ Original: {} });
      expect(Object.keys(featureClass)).toEqual(defaultClasses);
      expect(setting).toEqual(defaultSettings);
    }
    expect(parse('imageType:\n  Original:\n').imageType).toEqual({ Original: {} });
  });

  it('may be JSON, and number the interpolator as SimpleITK does', () => {
    expect(parse('{"setting": {"binCount": 32}}').setting.binCount).toBe(32);
    expect(parse('setting: {interpolator: 1}').setting.interpolator).toBe('sitkNearestNeighbor');
    expect(parse('setting: {interpolator: 3}').setting.interpolator).toBe('sitkBSpline');
  });

  it.each([
    ['setting: {binWidht: 5}', 'unknown-key', /binWidht.*did you mean binWidth/],
    ['settings: {binWidth: 5}', 'unknown-key', /did you mean setting\?/],
    ['imageType: {Wavelets: {}}', 'unknown-key', /did you mean Wavelet\?/],
    ['imageType: {Wavelet: {label: 2}}', 'unknown-key', /label/],
    ['featureClass: {glmc: []}', 'unknown-key', /glmc.*did you mean gl[cd][mz]/],
    ['featureClass: {glcm: [Contrst]}', 'unknown-key', /did you mean Contrast\?/],
    ['setting: {binWidth: -1}', 'bad-config', /binWidth.*found -1/],
    ['setting: {binWidth: wide}', 'bad-config', /binWidth/],
    ['setting: {resampledPixelSpacing: [1, 1]}', 'bad-config', /resampledPixelSpacing/],
    ['setting: {label: 0}', 'bad-config', /label/],
    ['setting: {label_channel: 1}', 'bad-config', /masks of one channel/],
    ['setting: {interpolator: sitkGaussian}', 'bad-config', /interpolator.*sitkLinear/],
    ['imageType: {LoG: {}}', 'bad-config', /LoG needs sigma.*\[1\.0, 3\.0, 5\.0\]/],
    ['voxelSetting: {kernelRadius: 1.5}', 'bad-config', /kernelRadius/],
    ['setting: [', 'bad-yaml', /not valid YAML/],
    ['just a text', 'bad-config', /found the text just a text/],
    ['[1, 2]', 'bad-config', /found a list, expected groups/],
  ])('refuses %s with %s', (text, code, message) => {
    expect(() => parse(text)).toThrow(expect.objectContaining({ code }));
    expect(() => parse(text)).toThrow(/p\.yaml/);
    expect(() => parse(text)).toThrow(message);
  });

  it('names a file that is not there', () => {
    expect(() => readParameterFile('/nowhere/p.yaml')).toThrow(/\/nowhere\/p\.yaml.*--params/);
  });
});

describe('settings', () => {
  it('from the command line are YAML and win over the file', () => {
    const own = overridesFrom([
      'binWidth=10',
      'resampledPixelSpacing=[1, 1, 2.5]',
      'sigma=[3]',
      'binCount=null',
    ]);
    expect(own).toEqual({
      binWidth: 10,
      resampledPixelSpacing: [1, 1, 2.5],
      sigma: ['3'],
      binCount: null,
    });
    const text = 'setting: {binWidth: 5, binCount: 8, label: 2}';
    const { setting } = parseParameterText(text, { overrides: own });
    expect(setting).toEqual({ ...defaultSettings, ...own, label: 2 });
    expect(() => overridesFrom(['binWidht=3'])).toThrow(/did you mean binWidth\?/);
  });

  it('have one hash whatever their order, another for another value', () => {
    const one = radiomicsSettings({ setting: { binWidth: 5, label: 2 } });
    expect(settingsHash(one)).toBe(
      settingsHash(radiomicsSettings({ setting: { label: 2, binWidth: 5 } })),
    );
    expect(settingsHash(one)).not.toBe(
      settingsHash(radiomicsSettings({ setting: { binWidth: 5 } })),
    );
  });

  it('that were completed are left as they are when completed again', () => {
    const once = radiomicsSettings({
      imageType: { LoG: { sigma: ['3'] } },
      featureClass: { glcm: [] },
    });
    expect(radiomicsSettings(once as ParameterFile)).toEqual(once);
  });
});
