import { expect, it } from 'vitest';
import { fourier, smoothLength } from '../../../src/radiomics/classes/fourier.ts';

it('equals the sum it stands for, several lines side by side', () => {
  for (const n of [1, 2, 3, 5, 8, 12, 30]) {
    const beside = 3;
    const re = Float64Array.from({ length: n * beside }, (_, t) => Math.sin(t * t + 1));
    const im = Float64Array.from({ length: n * beside }, (_, t) => Math.cos(3 * t));
    const [a, b] = [re.slice(), im.slice()];
    fourier(re, im, n, beside);
    for (let line = 0; line < beside; line++) {
      for (let f = 0; f < n; f++) {
        let [x, y] = [0, 0];
        for (let t = 0; t < n; t++) {
          const turn = (-2 * Math.PI * f * t) / n;
          const at = t * beside + line;
          x += a[at] * Math.cos(turn) - b[at] * Math.sin(turn);
          y += a[at] * Math.sin(turn) + b[at] * Math.cos(turn);
        }
        expect(re[f * beside + line]).toBeCloseTo(x, 10);
        expect(im[f * beside + line]).toBeCloseTo(y, 10);
      }
    }
  }
});

it('lengths have the factors 2, 3 and 5', () => {
  expect([1, 7, 11, 13, 97, 121].map(smoothLength)).toEqual([1, 8, 12, 15, 100, 125]);
});
