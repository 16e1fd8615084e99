import { describe, expect, it } from 'vitest';
import { identityDirection, type Vector3 } from '../../src/imaging/volume.ts';
import { RadiomicsExtractor } from '../../src/radiomics/extractor.ts';
import type { ParameterFile } from '../../src/radiomics/parameter-file.ts';
import { RandomStream } from '../../src/runtime/random-stream.ts';

const size: Vector3 = [24, 20, 16];
const grid = { size, spacing: [1, 1, 1], origin: [0, 0, 0], direction: identityDirection } as const;
const index = (i: number, j: number, k: number) => i + 24 * (j + 20 * k);
const noise = RandomStream.of(3, 'non-finite test');
const clean = Float64Array.from({ length: 24 * 20 * 16 }, () => noise.integer(1, 400));
const mask = {
  ...grid,
  data: Uint8Array.from(clean, (_, at) => {
    const [i, j, k] = [at % 24, Math.floor(at / 24) % 20, Math.floor(at / 480)];
    return i >= 6 && i < 13 && j >= 6 && j < 12 && k >= 6 && k < 11 ? 1 : 0;
  }),
};
const inRegion = index(8, 8, 8);
const beside = index(13, 8, 8);
const farOff = index(23, 19, 15);

function extract(holes: Record<number, number>, settings: ParameterFile = {}) {
  const data = Float64Array.from(clean);
  for (const [at, value] of Object.entries(holes)) data[Number(at)] = value;
  return new RadiomicsExtractor(settings).execute({ ...grid, data }, mask);
}

describe('voxels that are not numbers', () => {
  it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
    '%d in the region is refused, with the counts',
    (value) => {
      expect(() => extract({ [inRegion]: value, [farOff]: Number.NaN })).toThrow(
        /region holds voxels that are not numbers: found [01] NaN and [01] infinite voxels \(2 in the whole image\)/,
      );
    },
  );

  it('outside the region change no feature of the original image, and are counted', () => {
    const holes = { [beside]: Number.NaN, [farOff]: Number.POSITIVE_INFINITY };
    const { features, reasons, diagnostics } = extract(holes);
    expect(features).toEqual(extract({}).features);
    expect(reasons).toEqual({});
    expect(diagnostics['diagnostics_Image-original_NonFinite']).toBe(2);
  });

  it('stop the filters that would spread them, and only those', () => {
    const settings: ParameterFile = {
      imageType: {
        Original: {},
        Wavelet: {},
        Gradient: {},
        LoG: { sigma: [2] },
        Square: {},
        SquareRoot: {},
        Logarithm: {},
        Exponential: {},
        LBP3D: {},
      },
      featureClass: { firstorder: ['Mean', 'Entropy'] },
    };
    const sound = extract({}, settings).features;
    const { features, reasons } = extract({ [farOff]: Number.NaN }, settings);
    for (const [name, value] of Object.entries(features)) {
      if (/^(original|wavelet|gradient)/.test(name)) expect(value, name).toBe(sound[name]);
      else expect(reasons[name], name).toMatch(/1 NaN and 0 infinite voxels/);
    }
    // A neighbour is within the reach of the local ones, too.
    const near = extract({ [beside]: Number.NaN }, settings);
    expect(near.features.original_firstorder_Mean).toBe(sound.original_firstorder_Mean);
    expect(near.reasons.gradient_firstorder_Mean).toMatch(/NaN/);
    expect(near.reasons['wavelet-HHH_firstorder_Mean']).toMatch(/NaN/);
  });

  it('stop the recursive LoG, not the one that IBSI cuts off', () => {
    const settings: ParameterFile = {
      imageType: { LoG: { sigma: [1] } },
      featureClass: { firstorder: ['Mean'] },
      setting: { conventions: 'ibsi' },
    };
    const { features, reasons } = extract({ [farOff]: Number.NaN }, settings);
    expect(features).toEqual(extract({}, settings).features);
    expect(reasons).toEqual({});
  });

  it('give local intensity, which looks around the region, a reason where it meets them', () => {
    const settings: ParameterFile = { featureClass: { firstorder: ['Mean'], localintensity: [] } };
    const sound = extract({}, settings).features;
    expect(extract({ [farOff]: Number.NaN }, settings).features).toEqual(sound);
    const { features, reasons } = extract({ [beside]: Number.NaN }, settings);
    expect(features.original_firstorder_Mean).toBe(sound.original_firstorder_Mean);
    expect(features.original_localintensity_GlobalPeak).toBeNaN();
    expect(reasons.original_localintensity_LocalPeak).toMatch(/1 NaN/);
  });

  it('are left out by bounds given as intensities, not by those taken from the region', () => {
    const bounds = { resegmentRange: [0, 500] };
    const { features, reasons } = extract({ [inRegion]: Number.NaN }, { setting: bounds });
    expect(reasons).toEqual({});
    const without = extract({ [inRegion]: 1e6 }, { setting: bounds }).features;
    expect(features).toEqual(without);
    const open = { resegmentRange: [0] };
    expect(() => extract({ [inRegion]: Number.POSITIVE_INFINITY }, { setting: open })).toThrow(
      /0 NaN and 1 infinite/,
    );
    const sigma: ParameterFile = { setting: { resegmentRange: [-3, 3], resegmentMode: 'sigma' } };
    expect(() => extract({ [inRegion]: Number.NaN }, sigma)).toThrow(/1 NaN and 0/);
  });

  it('go through resampling by lines where they are far, and stop the spline, which reaches everywhere', () => {
    const to = (interpolator: 'sitkLinear' | 'sitkBSpline' | 'sitkNearestNeighbor') => ({
      setting: { resampledPixelSpacing: [2, 2, 2] as [number, number, number], interpolator },
    });
    for (const local of ['sitkLinear', 'sitkNearestNeighbor'] as const) {
      expect(extract({ [farOff]: Number.NaN }, to(local)).features).toEqual(
        extract({}, to(local)).features,
      );
    }
    expect(() => extract({ [farOff]: Number.NaN }, to('sitkBSpline'))).toThrow(
      /resampling spreads .*found 1 NaN and 0 infinite voxels in the image, .*sitkLinear/,
    );
    expect(() => extract({ [inRegion]: Number.NaN }, to('sitkBSpline'))).toThrow(/spreads/);
    expect(() => extract({ [inRegion]: Number.NaN }, to('sitkLinear'))).toThrow(/region holds/);
  });

  it('stop normalisation: they are in its mean', () => {
    expect(() => extract({ [farOff]: Number.NaN }, { setting: { normalize: true } })).toThrow(
      /1 NaN and 0 infinite/,
    );
  });
});
