import { describe, expect, it } from 'vitest';
import { components } from '../../src/imaging/components.ts';
import { componentCount } from '../../src/radiomics/component-count.ts';
import fc from '../property-runs.ts';
import { grid, maskOf } from './small-volumes.ts';

describe('componentCount', () => {
  it('counts what touches by face, edge or corner as one', () => {
    expect(componentCount(maskOf([4, 4, 4], () => false))).toBe(0);
    expect(componentCount(maskOf([4, 4, 4], () => true))).toBe(1);
    expect(componentCount(maskOf([4, 4, 4], (i, j, k) => i === j && j === k))).toBe(1);
    expect(componentCount(maskOf([5, 5, 5], (i, j, k) => (i % 2) + (j % 2) + (k % 2) === 0))).toBe(
      27,
    );
  });

  it('does not go round the border of a row', () => {
    expect(componentCount(maskOf([3, 2, 1], (i, j) => i === 2 * (1 - j)))).toBe(2);
  });

  it('equals the number of labelled components (random masks)', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 105, maxLength: 105, max: 5 }), (random) => {
        const mask = { ...grid([7, 5, 3]), data: random.map((x) => (x === 0 ? 1 : 0)) };
        expect(componentCount(mask)).toBe(components(mask, { connectivity: 26 }).sizes.length);
      }),
      { numRuns: 100 },
    );
  });
});
