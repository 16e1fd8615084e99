import { describe, expect, it } from 'vitest';
import { RadiomicsExtractor } from '../../src/radiomics/extractor.ts';
import type { ParameterFile } from '../../src/radiomics/parameter-file.ts';
import { radiomicsSettings } from '../../src/radiomics/parameter-file.ts';
import type { Settings } from '../../src/radiomics/settings.ts';
import { settingsWithoutEffect } from '../../src/radiomics/settings-without-effect.ts';
import { everyClass, everyImage } from './every-setting.ts';
import { grid } from './small-volumes.ts';

const size = [9, 8, 7] as const;
const spacing = [1.1, 1.1, 2.3] as const;
const count = size[0] * size[1] * size[2];
const at = (v: number) => [v % 9, Math.floor(v / 9) % 8, Math.floor(v / 72)];
const image = {
  ...grid(size, spacing),
  data: Float64Array.from({ length: count }, (_, v) => {
    const [i, j, k] = at(v);
    return 40 * Math.sin(i / 2) + 30 * Math.cos(j) + 12 * k + ((v * 7919) % 23);
  }),
};
const mask = {
  ...grid(size, spacing),
  data: Uint8Array.from({ length: count }, (_, v) => {
    const [i, j, k] = at(v);
    return (i - 4) ** 2 + (j - 4) ** 2 + (2 * (k - 3)) ** 2 <= 10 ? 1 : 0;
  }),
};

const measured = (settings: ParameterFile) =>
  new RadiomicsExtractor(settings).execute(image, mask).features;

/** Images and classes of which a value differs, or a column is new or gone: `wavelet firstorder`. */
function changed(before: Record<string, number>, after: Record<string, number>): Set<string> {
  const found = new Set<string>();
  for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
    if (Object.is(before[name], after[name])) continue;
    const [made, family] = name.split('_');
    found.add(`${made.split('-')[0].replace(/\d/g, '')} ${family}`);
  }
  return found;
}

/** Another value for each setting that makes numbers, with what must be set beside it. */
const changes: [keyof Settings, Partial<Settings>, Partial<Settings>?][] = [
  ['normalize', { normalize: true }],
  ['normalizeScale', { normalizeScale: 50 }, { normalize: true }],
  ['removeOutliers', { removeOutliers: 1 }, { normalize: true }],
  ['resampledPixelSpacing', { resampledPixelSpacing: [1.5, 1.5, 1.5] }],
  ['interpolator', { interpolator: 'sitkLinear' }, { resampledPixelSpacing: [1.5, 1.5, 1.5] }],
  ['preCrop', { preCrop: true }, { padDistance: 1 }],
  ['padDistance', { padDistance: 0 }, { preCrop: true }],
  ['resegmentRange', { resegmentRange: [-20, 90] }],
  ['resegmentMode', { resegmentMode: 'sigma' }, { resegmentRange: [-3, 40] }],
  ['resegmentShape', { resegmentShape: true }, { resegmentRange: [-20, 90] }],
  ['binWidth', { binWidth: 7 }],
  ['binCount', { binCount: 6 }],
  ['ivhBinWidth', { ivhBinWidth: 9 }],
  ['ivhBinCount', { ivhBinCount: 5 }],
  ['voxelArrayShift', { voxelArrayShift: 300 }],
  ['symmetricalGLCM', { symmetricalGLCM: false }],
  ['weightingNorm', { weightingNorm: 'euclidean' }],
  ['aggregation', { aggregation: '2D-averaged' }],
  ['weightingNorm', { weightingNorm: 'euclidean' }, { aggregation: '3D-merged' }],
  ['resegmentSigma', { resegmentSigma: 1.5 }],
  ['distances', { distances: [1, 2] }],
  ['gldm_a', { gldm_a: 1 }],
  ['force2D', { force2D: true }],
  ['force2Ddimension', { force2Ddimension: 2 }, { force2D: true }],
  ['sigma', { sigma: [2.5] }],
  ['wavelet', { wavelet: 'db2' }],
  ['level', { level: 2 }],
  ['start_level', { start_level: 1 }],
  ['gradientUseSpacing', { gradientUseSpacing: false }],
  ['lbp3DLevels', { lbp3DLevels: 1 }],
  ['lbp3DIcosphereRadius', { lbp3DIcosphereRadius: 1.5 }],
  ['lbp3DIcosphereSubdivision', { lbp3DIcosphereSubdivision: 0 }],
  ['boundary', { boundary: 'zero' }],
  ['rotationInvariance', { rotationInvariance: 'max' }],
  ['meanSize', { meanSize: 3 }],
  ['lawsKernel', { lawsKernel: 'S5E5L5' }],
  ['lawsEnergy', { lawsEnergy: 2 }],
  ['gaborSigma', { gaborSigma: 3 }],
  ['gaborLambda', { gaborLambda: 4 }],
  ['gaborGamma', { gaborGamma: 2 }],
  ['gaborTheta', { gaborTheta: 30 }],
  ['gaborThetaStep', { gaborThetaStep: 45 }],
  ['gaborPlanes', { gaborPlanes: true }],
  ['waveletDecimated', { waveletDecimated: true }],
  ['lbp2DRadius', { lbp2DRadius: 2 }],
  ['lbp2DSamples', { lbp2DSamples: 12 }],
  ['lbp2DMethod', { lbp2DMethod: 'ror' }],
];

describe.each(['pyradiomics', 'ibsi'] as const)('conventions: %s', (conventions) => {
  const asked = (setting: Partial<Settings>): ParameterFile => ({
    imageType: everyImage,
    featureClass: everyClass,
    setting: { conventions, sigma: [1.5], ...setting },
  });
  const plain = new Map<string, Record<string, number>>();
  const unchanged = (setting: Partial<Settings>) => {
    const key = JSON.stringify(setting);
    const known = plain.get(key) ?? measured(asked(setting));
    plain.set(key, known);
    return known;
  };

  it.each(changes)(
    '%s changes something, or is named as without effect',
    (key, change, beside = {}) => {
      const idle = settingsWithoutEffect(radiomicsSettings(asked({ ...beside, ...change })));
      const found = changed(unchanged(beside), measured(asked({ ...beside, ...change })));
      const named = idle.some(
        (one) => one.setting === `setting.${key}` && one.missed === undefined,
      );
      expect(found.size > 0, [...found].join(', ')).toBe(!named);
    },
  );

  it.each([
    [{ force2D: true }, ['glcm', 'glrlm', 'glszm', 'gldm', 'ngtdm', 'gldzm', 'ngldm']],
    [{ distances: [1, 2] }, ['glcm', 'gldm', 'ngtdm', 'ngldm']],
    [{ gldm_a: 1 }, ['gldm', 'ngldm']],
    [{ symmetricalGLCM: false }, ['glcm']],
    [{ weightingNorm: 'euclidean' }, ['glcm', 'glrlm']],
    [
      { binWidth: 7 },
      [
        'firstorder',
        'glcm',
        'glrlm',
        'glszm',
        'gldm',
        'ngtdm',
        'gldzm',
        'ngldm',
        'intensityhistogram',
      ],
    ],
    [{ ivhBinWidth: 9 }, ['intensityvolumehistogram']],
    [{ voxelArrayShift: 300 }, ['firstorder']],
  ] as [Partial<Settings>, string[]][])(
    '%j acts on the classes that have it, in each image',
    (change, families) => {
      const found = changed(unchanged({}), measured(asked(change)));
      for (const family of families) expect([...found], family).toContain(`original ${family}`);
      const others = [...found].filter(
        (name) => name.startsWith('original ') && !families.includes(name.slice(9)),
      );
      expect(others).toEqual([]);
    },
  );

  it('filters act on their own images, in 2D as well', () => {
    const of = (change: Partial<Settings>) =>
      [...changed(unchanged({}), measured(asked(change)))].map((name) => name.split(' ')[0]);
    expect(new Set(of({ wavelet: 'db2' }))).toEqual(new Set(['wavelet']));
    expect(new Set(of({ sigma: [2.5] }))).toEqual(new Set(['log']));
    expect(new Set(of({ gradientUseSpacing: false }))).toEqual(new Set(['gradient']));
    const flat = changed(unchanged({}), measured(asked({ force2D: true })));
    expect(flat.has('wavelet firstorder')).toBe(true);
    // PyRadiomics filters in 3D always, IBSI as asked.
    expect(flat.has('log firstorder')).toBe(conventions === 'ibsi');
  });
});

it('wavelets of IBSI mirror the image and widen their filters, those of PyRadiomics do neither', () => {
  const of = (conventions: 'pyradiomics' | 'ibsi', level: number) =>
    measured({
      imageType: { Wavelet: {} },
      featureClass: { firstorder: ['Mean', 'Energy'] },
      setting: { conventions, level },
    });
  expect(changed(of('pyradiomics', 1), of('ibsi', 1)).has('wavelet firstorder')).toBe(true);
  const second = of('ibsi', 2);
  expect(second['wavelet2-HHH_firstorder_Energy']).not.toBe(
    of('pyradiomics', 2)['wavelet2-HHH_firstorder_Energy'],
  );
});

it('names what a setting needs that it does not have', () => {
  const idle = (settings: ParameterFile) =>
    settingsWithoutEffect(radiomicsSettings(settings)).map(({ setting }) => setting);
  expect(idle({})).toEqual([]);
  expect(idle({ setting: { binCount: 32, binWidth: 5 } })).toEqual(['setting.binWidth']);
  expect(idle({ setting: { normalizeScale: 100, padDistance: 10 } })).toEqual([
    'setting.normalizeScale',
    'setting.padDistance',
  ]);
  expect(idle({ setting: { sigma: [3], wavelet: 'haar' } })).toEqual([
    'setting.sigma',
    'setting.wavelet',
  ]);
  expect(idle({ imageType: { LoG: { sigma: [3], wavelet: 'haar' } } })).toEqual([
    'imageType.LoG.wavelet',
  ]);
});

describe('settings that can never work are refused when they are read', () => {
  it.each([
    [
      { imageType: { Wavelet: { wavelet: 'bior2.3' } } },
      /no such wavelet.*found bior2\.3.*coif1 to coif17.*did you mean bior/,
    ],
    [{ imageType: { Wavelet: {} }, setting: { wavelet: 'coif1.1' } }, /did you mean coif11\?/],
    [{ imageType: { LoG: { sigma: ['0'] } } }, /sigma/],
    [{ imageType: { LoG: { sigma: [0] } } }, /sigma/],
    [{ imageType: { LoG: { sigma: [-1] } } }, /sigma/],
    [{ imageType: { LoG: { sigma: [3, 3] } } }, /two images would have one name/],
    [{ imageType: { Wavlet: {} } }, /Wavelet/],
    [{ setting: { binWidth: 0 } }, /binWidth/],
    [{ setting: { binWidth: -5 } }, /binWidth/],
    [{ setting: { binCount: 0 } }, /binCount/],
    [{ setting: { resegmentRange: [400, -500] } }, /take \[-500, 400\]/],
    [{ featureClass: { glmc: [] } }, /did you mean glcm\?/],
  ] as [ParameterFile, RegExp][])('%j', (settings, message) => {
    expect(() => radiomicsSettings(settings)).toThrow(message);
  });
});

describe('force2D, filter by filter', () => {
  it('names each image that is filtered in 3D all the same, and no other', () => {
    for (const conventions of ['pyradiomics', 'ibsi'] as const) {
      const settings = radiomicsSettings({
        imageType: everyImage,
        featureClass: everyClass,
        setting: { conventions, sigma: [1.5], force2D: true },
      });
      const missed = settingsWithoutEffect(settings).flatMap((one) => one.missed ?? []);
      const solid = new RadiomicsExtractor({
        imageType: everyImage,
        featureClass: { firstorder: ['Mean', 'Variance'] },
        setting: { conventions, sigma: [1.5] },
      }).execute(image, mask).features;
      const flat = new RadiomicsExtractor({
        imageType: everyImage,
        featureClass: { firstorder: ['Mean', 'Variance'] },
        setting: { conventions, sigma: [1.5], force2D: true },
      }).execute(image, mask).features;
      const reached = [...changed(solid, flat)].map((name) => name.split(' ')[0].toLowerCase());
      for (const type of ['LoG', 'Gradient', 'LBP3D', 'Wavelet']) {
        const isReached = reached.includes(type.toLowerCase().replace(/\d.*/, ''));
        const isNamed = missed.some((text) => text.startsWith(type));
        expect(isNamed, `${conventions} ${type}`).toBe(!isReached);
      }
    }
  });
});

describe('settings that nothing could carry out', () => {
  it('are refused with a sentence: a spacing of micrometres, a sphere of millions of points', () => {
    for (const conventions of ['pyradiomics', 'ibsi'] as const) {
      const setting = { conventions, resampledPixelSpacing: [0.001, 0.001, 0.001] };
      expect(() => measured({ setting } as ParameterFile)).toThrow(
        /the resampled image would be too large/,
      );
    }
    expect(() => radiomicsSettings({ setting: { lbp3DIcosphereSubdivision: 9 } })).toThrow(
      /a number of at most 6/,
    );
  });
});
