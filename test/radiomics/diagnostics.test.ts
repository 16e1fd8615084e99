import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  diagnosticNames,
  diagnosticText,
  isNumericDiagnostic,
  maskDiagnostics,
  originalImageDiagnostics,
  originalMaskDiagnostics,
} from '../../src/radiomics/diagnostics.ts';
import { RadiomicsExtractor } from '../../src/radiomics/extractor.ts';
import { type ParameterFile, radiomicsSettings } from '../../src/radiomics/parameter-file.ts';
import { grid, maskOf, volumeOf } from './small-volumes.ts';

const place = grid([6, 5, 4], [1, 2, 3], [10, 20, 30]);
const image = { ...volumeOf([6, 5, 4], (i, j, k) => i + 10 * j + 100 * k), ...place };
/** Two boxes: (1..2, 1, 1..2) and the voxel (5, 4, 3). */
const inside = (i: number, j: number, k: number) =>
  (j === 1 && (i === 1 || i === 2) && (k === 1 || k === 2)) || i + j + k === 12;
const mask = { ...maskOf([6, 5, 4], inside), ...place };
const sha1 = (bytes: ArrayBufferView) =>
  createHash('sha1').update(Buffer.from(bytes.buffer)).digest('hex');

describe('diagnostics', () => {
  it('of the image', () => {
    const p = 'diagnostics_Image-original_';
    expect(originalImageDiagnostics(image)).toEqual({
      [`${p}Hash`]: sha1(image.data),
      [`${p}Dimensionality`]: '3D',
      [`${p}Spacing`]: [1, 2, 3],
      [`${p}Size`]: [6, 5, 4],
      [`${p}Mean`]: 2.5 + 20 + 150,
      [`${p}Minimum`]: 0,
      [`${p}Maximum`]: 345,
      [`${p}NonFinite`]: 0,
    });
  });

  it('of a region: box by low corner and size, centre in voxels and millimetres, pieces', () => {
    const p = 'diagnostics_Mask-resegmented_';
    const centre = [11 / 5, 8 / 5, 9 / 5];
    expect(maskDiagnostics(mask, 'resegmented', image)).toEqual({
      [`${p}Spacing`]: [1, 2, 3],
      [`${p}Size`]: [6, 5, 4],
      [`${p}BoundingBox`]: [1, 1, 1, 5, 4, 3],
      [`${p}VoxelNum`]: 5,
      [`${p}VolumeNum`]: 2,
      [`${p}CenterOfMassIndex`]: centre,
      [`${p}CenterOfMass`]: [10 + centre[0], 20 + 2 * centre[1], 30 + 3 * centre[2]],
      [`${p}Mean`]: centre[0] + 10 * centre[1] + 100 * centre[2],
      [`${p}Minimum`]: 111,
      [`${p}Maximum`]: 345,
    });
  });

  it('hashes a mask of several pieces whose last one is not full', () => {
    const size = [33, 33, 33] as const;
    const data = Uint8Array.from({ length: 33 * 33 * 33 }, (_, i) => (i % 5 === 0 ? 1 : 0));
    const large = { ...mask, size, data };
    const hash = sha1(Uint32Array.from(data));
    expect(originalMaskDiagnostics(large, large)['diagnostics_Mask-original_Hash']).toBe(hash);
  });

  it('hashes labels as PyRadiomics does, as 32-bit numbers whatever the file holds', () => {
    const hash = sha1(Uint32Array.from(mask.data));
    const labels = { ...mask, data: Int16Array.from(mask.data) };
    for (const one of [mask, labels]) {
      expect(originalMaskDiagnostics(one, mask)['diagnostics_Mask-original_Hash']).toBe(hash);
    }
  });

  it.each([
    {},
    { setting: { resampledPixelSpacing: [1, 1, 1] } },
    { setting: { resampledPixelSpacing: [1, 1, 1], interpolator: null } },
    { setting: { correctMask: true, resegmentRange: [0, 300] } },
    { setting: { additionalInfo: false } },
  ] as ParameterFile[])('have the promised names in the promised order: %j', (settings) => {
    const asked = { ...settings, featureClass: { firstorder: ['Mean'] } };
    const extractor = new RadiomicsExtractor(asked);
    // A region on another grid: only then is there a corrected mask.
    const other = settings.setting?.correctMask === true;
    const shifted = other ? { ...mask, origin: [10.2, 20, 30] as const } : mask;
    const region = {
      ...shifted,
      data: mask.data.map((x, i) => (i === mask.data.length - 1 ? 0 : x)),
    };
    const { diagnostics } = extractor.execute(image, region);
    expect(Object.keys(diagnostics)).toEqual(diagnosticNames(radiomicsSettings(asked)));
    expect(extractor.diagnosticColumns).toEqual(Object.keys(diagnostics));
    for (const [name, value] of Object.entries(diagnostics)) {
      expect(typeof value === 'number', name).toBe(isNumericDiagnostic(name));
    }
  });

  it('print tuples in parentheses', () => {
    expect(diagnosticText([1, 2.5, 3])).toBe('(1, 2.5, 3)');
    expect(diagnosticText(7)).toBe('7');
    expect(diagnosticText('3D')).toBe('3D');
  });
});
