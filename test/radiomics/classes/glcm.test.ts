import { expect, it } from 'vitest';
import { RadiomicsExtractor } from '../../../src/radiomics/extractor.ts';
import { grid } from '../small-volumes.ts';

const features = (
  values: readonly number[],
  size: readonly [number, number, number],
  setting = {},
) =>
  new RadiomicsExtractor({
    featureClass: { glcm: [] },
    setting: { minimumROIDimensions: 1, ...setting },
  }).execute(
    { ...grid(size), data: Float64Array.from(values) },
    { ...grid(size), data: new Uint8Array(values.length).fill(1) },
  ).features;

it('a direction whose pairs have one level has no information and does not count as -1 (PyRadiomics: -0.02511)', () => {
  const found = features([145, 159, 154, 161, 157, 154, 158, 153, 151], [3, 3, 1]);
  expect(found.original_glcm_Imc1).toBeCloseTo(-0.02511, 5);
  expect(found.original_glcm_Imc2).toBeGreaterThan(0);
});

it('a flat region has no information and full correlation', () => {
  const found = features(new Array(27).fill(7), [3, 3, 3]);
  expect(found.original_glcm_Imc1).toBe(0);
  expect(found.original_glcm_Imc2).toBe(0);
  expect(found.original_glcm_Correlation).toBe(1);
  expect(found.original_glcm_MCC).toBe(1);
});

it('one level against several, counted one way only, is no correlation but 1 where the deviation is exactly 0', () => {
  const found = features([1, 30, 1, 60, 1, 90], [2, 1, 3], { symmetricalGLCM: false });
  expect(found.original_glcm_Correlation).toBeGreaterThanOrEqual(-1);
  expect(found.original_glcm_Correlation).toBeLessThanOrEqual(1);
  expect(Number.isFinite(found.original_glcm_Imc1)).toBe(true);
});
