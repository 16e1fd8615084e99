import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import {
  scipySplineAt,
  scipySplineCoefficients,
} from '../../../src/radiomics/filters/scipy-spline.ts';
import { grid } from '../small-volumes.ts';

/** Made by scipy-spline.py beside this file. */
const golden: { coefficients: number[]; points: number[][]; values: number[] } = JSON.parse(
  readFileSync(new URL('../../goldens/scipy-spline.json', import.meta.url), 'utf8'),
);
const volume = {
  ...grid([6, 5, 4]),
  data: Float64Array.from({ length: 120 }, (_, at) => ((at * 37) % 11) / 7),
};

it('coefficients and samples are those of scipy to the last bit', () => {
  const spline = scipySplineCoefficients(volume);
  expect([...spline]).toEqual(golden.coefficients);
  expect(golden.points.map(([k, j, i]) => scipySplineAt(spline, volume.size, i, j, k))).toEqual(
    golden.values,
  );
});
