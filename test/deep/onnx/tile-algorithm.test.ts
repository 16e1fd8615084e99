import { describe, expect, it } from 'vitest';
import {
  inputMatrix,
  outputMatrix,
  tileAlgorithm,
  transformKernel,
} from '../../../src/deep/onnx/tile-algorithm.ts';
import fc from '../../property-runs.ts';

/** y_i = Σ_k g_k x_(i+k-1), zeros beyond both ends. */
function direct(x: readonly number[], g: readonly number[]): number[] {
  return x.map((_, i) => g[0] * (x[i - 1] ?? 0) + g[1] * x[i] + g[2] * (x[i + 1] ?? 0));
}

function tiled(x: readonly number[], g: readonly number[], outputs: number): number[] {
  const { length, products, tiles, input, kernel, output } = tileAlgorithm(x.length, outputs);
  const taps = Array.from({ length: products }, (_, p) =>
    g.reduce((sum, tap, k) => sum + kernel[p * 3 + k] * tap, 0),
  );
  const product = Array.from({ length: products * tiles }, (_, row) => {
    const point = x.reduce((sum, value, at) => sum + input[row * length + at] * value, 0);
    return taps[Math.floor(row / tiles)] * point;
  });
  return x.map((_, i) =>
    product.reduce((sum, value, row) => sum + output[i * products * tiles + row] * value, 0),
  );
}

describe('tileAlgorithm', () => {
  it('equals the convolution for every length and tile', () => {
    const value = fc.double({ min: -4, max: 4, noNaN: true });
    fc.assert(
      fc.property(
        fc.array(value, { minLength: 1, maxLength: 13 }),
        fc.tuple(value, value, value),
        fc.integer({ min: 1, max: 4 }),
        (x, g, outputs) => {
          const expected = direct(x, g);
          tiled(x, g, outputs).forEach((y, i) => {
            expect(y).toBeCloseTo(expected[i], 9);
          });
        },
      ),
      { numRuns: 500 },
    );
  });

  it('needs 1, 3 and 4 products where dense taps would need 3, 6 and 9', () => {
    expect([1, 2, 3].map((n) => tileAlgorithm(n, 3).products)).toEqual([1, 3, 4]);
  });

  it('F(2,3) is the algorithm of Winograd: 4 products for two outputs', () => {
    const { products, tiles } = tileAlgorithm(4, 2);
    expect([products, tiles]).toEqual([4, 2]);
  });

  it('its ones, put in as products, give 1 at every point', () => {
    for (let length = 1; length <= 13; length++) {
      for (let outputs = 1; outputs <= 4; outputs++) {
        const { products, tiles, output, ones } = tileAlgorithm(length, outputs);
        for (let i = 0; i < length; i++) {
          let sum = 0;
          for (let row = 0; row < products * tiles; row++) {
            sum += output[i * products * tiles + row] * ones[Math.floor(row / tiles)];
          }
          expect(sum).toBe(1);
        }
      }
    }
  });

  it('three axes together equal a convolution in space', () => {
    const axes = [tileAlgorithm(2, 2), tileAlgorithm(3, 3), tileAlgorithm(4, 2)];
    const [nz, ny, nx] = [2, 3, 4];
    const x = Array.from({ length: 24 }, (_, i) => Math.sin(i * 1.7));
    const g = Float32Array.from({ length: 27 }, (_, i) => Math.cos(i * 0.9));
    const expected: number[] = [];
    for (let z = 0; z < nz; z++)
      for (let y = 0; y < ny; y++)
        for (let w = 0; w < nx; w++) {
          let sum = 0;
          for (let k = 0; k < 27; k++) {
            const [a, b, c] = [
              z + Math.floor(k / 9) - 1,
              y + (Math.floor(k / 3) % 3) - 1,
              w + (k % 3) - 1,
            ];
            if (a < 0 || b < 0 || c < 0 || a >= nz || b >= ny || c >= nx) continue;
            sum += g[k] * x[(a * ny + b) * nx + c];
          }
          expected.push(sum);
        }
    const before = inputMatrix(axes);
    const after = outputMatrix(axes);
    const kernel = transformKernel(g, 1, axes);
    const rows = before.length / 24;
    const tiles = rows / kernel.length;
    const products = Array.from({ length: rows }, (_, r) => {
      const point = x.reduce((sum, value, i) => sum + before[r * 24 + i] * value, 0);
      return kernel[Math.floor(r / tiles)] * point;
    });
    expected.forEach((value, i) => {
      const got = products.reduce((sum, product, r) => sum + after[i * rows + r] * product, 0);
      expect(got).toBeCloseTo(value, 5);
    });
  });
});
