import { describe, expect, it } from 'vitest';
import { alongAxis } from '../../../src/radiomics/algorithms/along-axis.ts';
import {
  cosineTransform,
  inverseCosineTransform,
} from '../../../src/radiomics/algorithms/cosine-transform.ts';
import { discreteFourier } from '../../../src/radiomics/algorithms/discrete-fourier.ts';

const lengths = [1, 2, 3, 5, 7, 8, 11, 13, 17, 30, 37];
const line = (n: number, seed: number) =>
  Float64Array.from({ length: n }, (_, t) => Math.sin(seed + 3 * t * t) + 0.1 * t);

describe('discreteFourier', () => {
  it.each(lengths)('of %i places is the sum of its definition, two lines side by side', (n) => {
    const lines = [0, 1].map((b) => ({ re: line(n, b), im: line(n, b + 5) }));
    const re = Float64Array.from({ length: 2 * n }, (_, at) => lines[at % 2].re[at >> 1]);
    const im = Float64Array.from({ length: 2 * n }, (_, at) => lines[at % 2].im[at >> 1]);
    discreteFourier(re, im, n, 2);
    for (let k = 0; k < n; k++) {
      for (const [b, from] of lines.entries()) {
        let [x, y] = [0, 0];
        for (let t = 0; t < n; t++) {
          const angle = (-2 * Math.PI * ((k * t) % n)) / n;
          x += from.re[t] * Math.cos(angle) - from.im[t] * Math.sin(angle);
          y += from.re[t] * Math.sin(angle) + from.im[t] * Math.cos(angle);
        }
        expect(Math.abs(re[2 * k + b] - x)).toBeLessThan(1e-11);
        expect(Math.abs(im[2 * k + b] - y)).toBeLessThan(1e-11);
      }
    }
  });
});

describe('cosineTransform', () => {
  it.each(lengths)('of %i places is the sum of its definition, and is undone', (n) => {
    const given = line(n, 2);
    const out = given.slice();
    cosineTransform(out, n, 1);
    for (let k = 0; k < n; k++) {
      let sum = 0;
      for (let t = 0; t < n; t++) {
        sum += 2 * given[t] * Math.cos((Math.PI * k * (2 * t + 1)) / (2 * n));
      }
      expect(Math.abs(out[k] - sum)).toBeLessThan(1e-11);
    }
    inverseCosineTransform(out, n, 1);
    for (let t = 0; t < n; t++) expect(Math.abs(out[t] - given[t])).toBeLessThan(1e-12);
  });
});

describe('alongAxis', () => {
  it('hands over the lines of every axis', () => {
    const size = [2, 3, 4] as const;
    for (const axis of [0, 1, 2] as const) {
      const data = Float64Array.from({ length: 24 }, (_, i) => i);
      alongAxis([data], size, axis, ([lines], n, beside) => {
        for (let t = 0; t < n; t++) for (let b = 0; b < beside; b++) lines[t * beside + b] = t;
      });
      const stride = [1, 2, 6][axis];
      data.forEach((t, at) => {
        expect(t).toBe(Math.floor(at / stride) % size[axis]);
      });
    }
  });
});
