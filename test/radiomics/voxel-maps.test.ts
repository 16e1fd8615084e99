import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { glcm } from '../../src/radiomics/classes/glcm.ts';
import { glcmOfKernels } from '../../src/radiomics/classes/glcm-kernel.ts';
import { discretise } from '../../src/radiomics/discretisation.ts';
import { kernelBoxes, kernelRegions } from '../../src/radiomics/kernel-region.ts';
import { parseParameterText, radiomicsSettings } from '../../src/radiomics/parameter-file.ts';
import { regionOfInterest } from '../../src/radiomics/region-of-interest.ts';
import { VoxelMaps } from '../../src/radiomics/voxel-maps.ts';
import { byName } from './made-region.ts';
import { grid, maskOf } from './small-volumes.ts';

/** PyRadiomics 3.0.1 by bench/peers/voxel_maps_reference.py. */
const golden: {
  parameters: object;
  size: number[];
  origin: number[];
  maps: Record<string, (number | null)[]>;
}[] = JSON.parse(readFileSync(new URL('../goldens/voxel-maps.json', import.meta.url), 'utf8'));

const size = [8, 7, 5] as const;

function scan() {
  let state = 12345n;
  const data = Float64Array.from({ length: 280 }, () => {
    state = (state * 1103515245n + 12345n) % 2147483648n;
    return Number(state % 90n);
  });
  const spacing = [1, 1.5, 2] as const;
  const mask = maskOf(size, (i, j, k) => (i - 4) ** 2 + (j - 3) ** 2 + 2 * (k - 2) ** 2 <= 8);
  return { image: { ...grid(size, spacing), data }, mask: { ...mask, spacing } };
}

/**
 * Two features that PyRadiomics cannot map: MCC ends in an error there and leaves initValue; JointAverage is a plain mean, NaN
 * wherever one direction has no pair.
 */
const broken = /_glcm_(MCC|JointAverage)$/;

describe('voxel maps beside PyRadiomics 3.0.1', () => {
  it.each(golden.map((one) => [JSON.stringify(one.parameters).slice(-110), one] as const))(
    '%s',
    (_, { parameters, size: theirs, origin, maps }) => {
      const { image, mask } = scan();
      const made = new VoxelMaps(image, mask, radiomicsSettings(parameters as never));
      expect(made.grid.size).toEqual(theirs);
      made.grid.origin.forEach((mm, axis) => {
        expect(mm).toBeCloseTo(origin[axis], 12);
      });
      const ours = [...made.maps('original', made.measure('original'))];
      expect(ours.map(({ name }) => name).sort()).toEqual(Object.keys(maps).sort());
      for (const { name, volume } of ours) {
        if (broken.test(name)) continue;
        for (const [at, value] of maps[name].entries()) {
          const found = volume.data[at];
          if (value === null) expect(found, `${name} ${at}`).toBeNaN();
          else {
            const off = Math.abs(found - value) / Math.max(1, Math.abs(value));
            expect(off, `${name} ${at}: ${found}, ${value}`).toBeLessThan(1e-6);
          }
        }
      }
    },
  );
});

describe('VoxelMaps', () => {
  const { image, mask } = scan();

  it('are the same in pieces of any size', () => {
    const settings = parseParameterText(
      'featureClass: {firstorder: [Mean], glcm: [Id, Contrast], glszm: [ZonePercentage]}\nsetting: {binWidth: 10}',
    );
    const maps = new VoxelMaps(image, mask, settings);
    const whole = maps.measure('original');
    expect(maps.features).toEqual([
      'firstorder_Mean',
      'glcm_Id',
      'glcm_Contrast',
      'glszm_ZonePercentage',
    ]);
    for (const [from, to] of [
      [0, 5],
      [5, 30],
      [30, maps.voxels],
    ]) {
      const part = maps.measure('original', from, to);
      for (let f = 0; f < 4; f++) {
        for (let v = from; v < to; v++) {
          expect(part[f * (to - from) + v - from]).toBe(whole[f * maps.voxels + v]);
        }
      }
    }
  });

  it('follow the image type', () => {
    const settings = parseParameterText(
      'imageType: {Original: {}, Square: {}, Wavelet: {}}\nfeatureClass: {firstorder: [Maximum]}',
    );
    const maps = new VoxelMaps(image, mask, settings);
    expect(maps.images).toHaveLength(10);
    const [original] = maps.maps('original', maps.measure('original'));
    expect(original.name).toBe('original_firstorder_Maximum');
    const [band] = maps.maps('wavelet-HHH', maps.measure('wavelet-HHH'));
    expect(band.volume.data).not.toEqual(original.volume.data);
  });

  it('read Python’s nan, and give shape no map', () => {
    const settings = parseParameterText(
      'featureClass: {shape: [], firstorder: [Mean]}\nvoxelSetting: {initValue: nan, kernelRadius: 2}',
    );
    expect(settings.voxelSetting).toEqual({
      kernelRadius: 2,
      maskedKernel: true,
      initValue: Number.NaN,
      voxelBatch: null,
    });
    const maps = new VoxelMaps(image, mask, settings);
    expect(maps.features).toEqual(['firstorder_Mean']);
    const [map] = maps.maps('original', maps.measure('original'));
    expect(map.volume.data[0]).toBeNaN();
    expect(() => parseParameterText('voxelSetting: {kernelRadius: 0}')).toThrow(/kernelRadius/);
    expect(() => parseParameterText('voxelSetting: {kernel: 1}')).toThrow(/unknown|kernelRadius/);
  });
});

describe('glcmOfKernels', () => {
  const { image, mask } = scan();
  const region = discretise(regionOfInterest(image, mask), { binWidth: 10 });
  const enabled = [
    ...['Contrast', 'Autocorrelation', 'DifferenceAverage', 'Id', 'Idm', 'Idn', 'Idmn'],
    ...['InverseVariance', 'JointEnergy', 'JointEntropy', 'MaximumProbability'],
  ];
  it.each([
    {},
    { symmetricalGLCM: false },
    { distances: [1, 2] },
    { force2D: true, force2Ddimension: 2 },
  ])('is what the matrices give: %j', (options) => {
    const shape = { radius: 2, flatAxis: options.force2D ? 0 : undefined };
    const quick = glcmOfKernels(region, options, enabled, 125);
    const [boxes, regions] = [kernelBoxes(region, shape), kernelRegions(region, shape)];
    const values = new Float64Array(enabled.length);
    for (let k = 0; k < region.size[2]; k++) {
      for (let j = 0; j < region.size[1]; j++) {
        for (let i = 0; i < region.size[0]; i++) {
          const slow = regions(i, j, k);
          if (slow.voxels === 0) continue;
          const wanted = byName(glcm.compute(slow, { ...options, enabled: new Set(enabled) }));
          quick?.(boxes(i, j, k), values);
          for (const [f, name] of enabled.entries()) {
            if (Number.isNaN(wanted[name])) expect(values[f], name).toBeNaN();
            else expect(Math.abs(values[f] - wanted[name]), name).toBeLessThan(1e-10);
          }
        }
      }
    }
  });

  it('leaves other features and merged matrices to the class', () => {
    expect(glcmOfKernels(region, {}, ['Correlation'], 27)).toBeUndefined();
    expect(glcmOfKernels(region, { weightingNorm: 'no_weighting' }, ['Id'], 27)).toBeUndefined();
    expect(glcmOfKernels(region, { aggregation: '2D-averaged' }, ['Id'], 27)).toBeUndefined();
  });
});
