import { expect, it } from 'vitest';
import {
  implicitQL,
  symmetricEigenvalues,
  tridiagonalise,
} from '../../../src/radiomics/algorithms/symmetric-eigenvalues.ts';
import fc from '../../property-runs.ts';
import { implicitQLPlainly, tridiagonalisePlainly } from './tridiagonalised-plainly.ts';

const matrices = fc.integer({ min: 1, max: 23 }).chain((n) =>
  fc
    .array(fc.oneof(fc.constant(0), fc.double({ min: -1, max: 1, noNaN: true })), {
      minLength: n * n,
      maxLength: n * n,
    })
    .map((values) => ({ n, matrix: Float64Array.from(values) })),
);

it('reflections in WebAssembly give the bits of plain loops, which read the lower triangle alone', () => {
  fc.assert(
    fc.property(matrices, ({ n, matrix }) => {
      const [quick, plain] = [0, 1].map(() => [new Float64Array(n), new Float64Array(n)]);
      tridiagonalise(matrix, n, quick[0], quick[1]);
      tridiagonalisePlainly(matrix.slice(), n, plain[0], plain[1]);
      expect(quick).toEqual(plain);
    }),
  );
});

it('QL steps in WebAssembly give the bits of plain ones', () => {
  const numbers = fc.array(fc.oneof(fc.constant(0), fc.double({ min: -9, max: 9, noNaN: true })), {
    minLength: 23,
    maxLength: 23,
  });
  fc.assert(
    fc.property(numbers, numbers, fc.integer({ min: 1, max: 23 }), (diagonal, off, n) => {
      const [quick, plain] = [0, 1].map(() => Float64Array.from(diagonal.slice(0, n)));
      const [quickOff, plainOff] = [0, 1].map(() => Float64Array.from(off.slice(0, n)));
      implicitQL(quick, quickOff, n);
      implicitQLPlainly(plain, plainOff, n);
      expect(quick).toEqual(plain);
    }),
  );
});

it('eigenvalues of a matrix whose eigenvalues are known', () => {
  // Second differences: 2 - 2 cos(k π / (n + 1)).
  const n = 9;
  const matrix = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    matrix[i * n + i] = 2;
    if (i > 0) matrix[i * n + i - 1] = matrix[(i - 1) * n + i] = -1;
  }
  symmetricEigenvalues(matrix, n).forEach((value, k) => {
    expect(value).toBeCloseTo(2 - 2 * Math.cos(((k + 1) * Math.PI) / (n + 1)), 12);
  });
});
