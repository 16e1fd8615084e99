import { expect, it } from 'vitest';
import { distanceText } from '../../src/explore/page/distance-text.ts';

it('a distance has its sign, one that rounds to zero has none', () => {
  const shape = { mean: 10, sd: 2 };
  const texts = [10, 9.95, 10.05, 7, 13, 2010].map((value) => distanceText(value, shape));
  expect(texts).toEqual(['0.0 SD', '0.0 SD', '0.0 SD', '−1.5 SD', '+1.5 SD', '+1.0e+3 SD']);
  expect(distanceText(10, { mean: 10, sd: 0 })).toBe('same in all patients');
});
