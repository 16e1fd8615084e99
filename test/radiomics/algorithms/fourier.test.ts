import { expect, it } from 'vitest';
import { fourier, smoothLength } from '../../../src/radiomics/algorithms/fourier.ts';

it('equals the sum it stands for, several lines side by side', () => {
  for (const n of [1, 2, 3, 4, 5, 8, 12, 16, 30, 40]) {
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

it('lengths are powers of two, times three or five at most', () => {
  expect([1, 5, 7, 9, 11, 97, 121].map(smoothLength)).toEqual([1, 5, 8, 10, 12, 128, 128]);
});
